"""Set up Outlay in this folder and start it: `bootstrap.py demo | test | app | wheelhouse DIR`.

Needs nothing but Python. This file keeps to syntax that old Pythons read, so that they can say what is wrong.
"""

import sys

OLDEST = (3, 11)

if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.stderr.write(
            "Outlay needs Python {}.{} or newer and this is Python {}.{}: run this command with a newer one, "
            "for example python3.13.\n".format(*(OLDEST + tuple(sys.version_info[:2])))
        )
        sys.exit(1)
    from command import main

    sys.exit(main(sys.argv[1:]))
