"""The order and shape in which hits are listed, once the index has found them."""
