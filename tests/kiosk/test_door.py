"""The door: scenes out, gestures in, over a real socket; no screen can harm the firmware."""

from __future__ import annotations

import os
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from hardware.address import connect
from hardware.panel import PanelError
from hardware.virtual import VirtualPanel
from kiosk.door import Door
from kiosk.scene import Gesture, Leave, Scene, Touched, read_scene, write_line
from tests.kiosk.builders import uuid

FIRST = Scene(number=1, state="idle", language="bg", title="Доволни ли сте?")
SECOND = Scene(number=2, state="thanks", language="bg", title="Благодарим Ви!")


class Post:
    """A panel that waits, its door, and what came in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.panel = VirtualPanel()
        self.taken: list[Gesture] = []
        self.door = Door(path, self.panel, self.taken.append)
        self.door.show(FIRST)

    def wait(self, count: int = 0) -> None:
        """Let the panel wait until ``count`` gestures are in, or for a moment."""
        end_s = time.monotonic() + (10 if count else 0.05)
        while time.monotonic() < end_s and (not count or len(self.taken) < count):
            self.panel.wait(0.02)

    def has_screen(self) -> bool:
        """Whether one is attached."""
        return self.door.has_screen

    def enter(self) -> socket.socket:
        """Attach a screen."""
        screen = connect(self.path)
        assert screen is not None
        screen.settimeout(10)
        self.wait()
        return screen


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Ends what a test began."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def post(tmp_path: Path, stack: ExitStack) -> Post:
    """A panel with a door."""
    post = Post(tmp_path / "screen.sock")
    stack.callback(post.panel.close)
    stack.callback(post.door.close)
    return post


def _connected(post: Post) -> socket.socket:
    """A screen that nobody has let in yet."""
    screen = connect(post.path)
    assert screen is not None
    screen.settimeout(10)
    return screen


@contextmanager
def _no_descriptors() -> Iterator[None]:
    """This process can open nothing more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
    with ExitStack() as taken:
        taken.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        with suppress(OSError):
            while True:
                taken.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        yield


def _lines(screen: socket.socket, count: int) -> list[Scene]:
    received = b""
    while received.count(b"\n") < count:
        received += screen.recv(65_536)
    return [read_scene(line) for line in received.splitlines()]


def test_a_screen_is_greeted_with_the_scene_of_the_moment(post: Post, stack: ExitStack) -> None:
    """One that comes late, or comes back, shows the right thing at once; then it hears news."""
    post.door.show(SECOND)
    screen = stack.enter_context(post.enter())
    assert _lines(screen, 1) == [SECOND]
    post.door.show(FIRST)
    assert _lines(screen, 1) == [FIRST]


def test_gestures_come_in_while_the_panel_waits(post: Post, stack: ExitStack) -> None:
    """In order, whole, also when they come in pieces."""
    screen = stack.enter_context(post.enter())
    touched = Touched(button="face-2", at_ms=5, id=uuid(1), input="touch")
    line = write_line(touched) + write_line(Leave())
    screen.sendall(line[:7])
    post.wait()
    screen.sendall(line[7:])
    post.wait(count=2)
    assert post.taken == [touched, Leave()]


def test_nonsense_is_ignored(post: Post, stack: ExitStack) -> None:
    """What comes after it is understood all the same."""
    screen = stack.enter_context(post.enter())
    screen.sendall(b"\xff{\n" + b'{"type":"touched"}\n' + b"[]\n" + write_line(Leave()))
    post.wait(count=1)
    assert post.taken == [Leave()]


@pytest.mark.parametrize(
    ("button", "press_id"),
    [
        ("face-2", "x"),
        ("face-2", uuid(0xABC).upper()),
        ("face-2", f"{uuid(1)}\n"),
        ("'; --", uuid(1)),
    ],
)
def test_a_touch_that_no_screen_of_ours_sends_is_refused(
    post: Post, stack: ExitStack, caplog: pytest.LogCaptureFixture, button: str, press_id: str
) -> None:
    """An id that is no UUID would be an event's; the log says so."""
    screen = stack.enter_context(post.enter())
    touched = Touched(button=button, at_ms=5, id=press_id)
    screen.sendall(write_line(touched) + write_line(Leave()))
    post.wait(count=1)
    assert post.taken == [Leave()]
    assert "ignored what a screen said" in caplog.text


def test_at_most_eight_screens_are_let_in(post: Post, stack: ExitStack) -> None:
    """The ninth is turned away, and comes in when one has gone."""
    screens = [stack.enter_context(post.enter()) for _ in range(9)]
    assert [len(screen.recv(65_536)) > 0 for screen in screens] == [True] * 8 + [False]
    screens[0].close()
    post.wait()
    assert _lines(stack.enter_context(post.enter()), 1) == [FIRST]


def test_without_descriptors_screens_are_turned_away(post: Post, stack: ExitStack) -> None:
    """The kiosk goes on, does not run in circles, and lets them in as soon as it can."""
    seated = stack.enter_context(post.enter())
    assert _lines(seated, 1) == [FIRST]
    late = stack.enter_context(_connected(post))
    with _no_descriptors():
        begun_s = time.thread_time()
        post.panel.wait(0.3)
        assert time.thread_time() - begun_s < 0.2
    assert late.recv(65_536) == b""
    post.door.show(SECOND)
    assert _lines(seated, 1) == [SECOND]
    assert _lines(stack.enter_context(post.enter()), 1) == [SECOND]


def test_who_comes_or_goes_wakes_the_kiosk(post: Post, stack: ExitStack) -> None:
    """What can be asked depends on whether there is a screen."""
    screen = stack.enter_context(_connected(post))
    begun_s = time.monotonic()
    post.panel.wait(30)
    assert post.has_screen()
    screen.close()
    post.panel.wait(30)
    assert not post.has_screen()
    assert time.monotonic() - begun_s < 20


def test_a_screen_that_does_not_read_is_sent_away(post: Post, stack: ExitStack) -> None:
    """It must not hold the visitors up; another one is served."""
    hanging = stack.enter_context(post.enter())
    big = Scene(number=3, state="idle", language="bg", title="х" * 60_000)
    for _ in range(20):
        post.door.show(big)
    assert not post.has_screen()
    screen = stack.enter_context(post.enter())
    assert _lines(screen, 1) == [big]
    assert hanging.fileno() >= 0


def test_a_screen_that_never_ends_its_line_is_sent_away(post: Post, stack: ExitStack) -> None:
    """At one mebibyte: memory is not for strangers to fill."""
    screen = stack.enter_context(post.enter())
    screen.settimeout(0.2)
    sent = 0
    while post.has_screen() and sent < 4 << 20:
        try:
            sent += screen.send(b"x" * 65_536)
        except OSError:
            break
        post.panel.wait(0.01)
    post.wait()
    assert not post.has_screen()


def test_whether_there_is_a_screen_is_known(post: Post, stack: ExitStack) -> None:
    """What only a screen can ask is asked only while one is there."""
    assert not post.has_screen()
    screen = stack.enter_context(post.enter())
    assert post.has_screen()
    screen.close()
    post.wait()
    assert not post.has_screen()


def test_a_door_has_one_kiosk(post: Post) -> None:
    """A second one is refused, and the first goes on."""
    with pytest.raises(PanelError, match="another kiosk"):
        Door(post.path, post.panel, post.taken.append)


def test_only_its_owner_may_knock(post: Post) -> None:
    """A gesture is a vote."""
    assert post.path.stat().st_mode & 0o777 == 0o600
