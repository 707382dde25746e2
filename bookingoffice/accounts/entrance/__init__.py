"""The pages of people who are not at their desk yet: an invitation, a new password. They work without a script."""
