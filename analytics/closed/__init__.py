"""Votes as they may be shown: whole blocks of days, at places where enough people serve.

Everything that people are shown of days that are over is made here, and adds up *atoms*: the votes
of one named place, survey, question, scale and channel on days that together have five or more
(design §5). Whatever places, periods and filters somebody chooses, and whatever he subtracts, he
has sums of atoms and none that is smaller.
"""
