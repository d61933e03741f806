"""What is done about the figures: targets, actions, findings taken up, methods, drafts, results.

The dashboard and the reports read and change all this through the protocols of
:mod:`analytics.improvement.protocol`; the portal keeps it. What can be decided without a store
(who may, which change of state is possible, whether a target is met) is decided here, by pure
functions, so that every implementation decides alike.
"""
