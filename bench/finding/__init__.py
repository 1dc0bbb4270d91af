"""What the benches of search stand on: a filled portal, questions by rule, and the engines that answer them."""
