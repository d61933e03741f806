"""Administration in the browser: places, what is set in them, touchpoints, devices, and health.

The pages call the verbs of ``broker.fleet`` and ``broker.store``, as the command line does. They
work while no broker runs: what devices are to do goes through the database, and the fleet's
process carries it out.
"""
