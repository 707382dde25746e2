"""How often a program, an address or a guesser may ask. Knows neither Django nor a database."""
