"""``python -m adtrace``."""

import sys

from adtrace.cli import main

sys.exit(main())
