"""Targets, actions, findings taken up, methods, drafts, subscriptions and published results."""
