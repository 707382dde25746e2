"""The language in which a person on the staff reads the admin. The API answers in English, whoever asks."""
