"""The patterns of java.time's DateTimeFormatter as Spark uses them (US English, strict): reading them, writing times and parsing texts by them."""
