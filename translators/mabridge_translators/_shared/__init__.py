"""What two or more translators use."""
