"""Put values in words, without a web request."""
