"""The pages of a person's own account: password, second factor, open log-ins."""
