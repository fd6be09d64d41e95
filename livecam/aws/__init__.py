"""The only room that knows boto3: clients, timing of calls, answers, and errors as sentences."""
