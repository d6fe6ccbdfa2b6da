"""What a server asks for with Retry-After."""

import email.utils
import time


def retry_after(value: str | None) -> float | None:
    """Returns the pause in seconds that a Retry-After header asks for, as a number or a date; None where it asks for none."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
