"""What Spark itself says of its classes, recorded, and what mabridge still lacks of it."""
