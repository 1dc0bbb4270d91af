"""Finding articles by any words in them."""
