"""`python -m app`.

The garbage collector looks at everything that is loaded less often: all of it stays. With that and
`settle_memory`, a start takes 1.12 instead of 1.27 s of CPU and as much memory (November 2026).
"""

import gc
import sys

gc.set_threshold(700, 10, 1_000)

from app.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
