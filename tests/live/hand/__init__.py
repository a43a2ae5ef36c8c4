# SPDX-License-Identifier: GPL-3.0-or-later
"""A user's hand for the live tests: a private desktop, libvirt session and Lodge, driven through
AT-SPI and real X events."""
