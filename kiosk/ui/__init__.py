"""The touchscreen: a process of its own, which draws scenes and sends gestures."""
