"""What is heard when the scene changes: pure, from two scenes to a tone and words.

Through the loudspeaker there is one tone for every value, and, where that is switched on, the
question; never an answer, nor what would tell it. In audio mode all that can be seen is said,
through the headphones only, with a way to answer it by the buttons that this panel has.
"""

from kiosk.speech.cues import Cue, cue
from kiosk.speech.recordings import to_record

__all__ = ["Cue", "cue", "to_record"]
