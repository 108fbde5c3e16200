"""inkoopcheck: check Dutch youth care contracts and iJw messages against the standards."""

__version__ = "0.1.0"
