/* lodge-keymap.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <linux/input-event-codes.h>

#include "lodge-keymap.h"

#define E0(code) (0x100 | (code))

/* X servers and Wayland compositors number keys as Linux does, from 8 up. */
#define FIRST_HARDWARE_KEYCODE 8

/* What a keyboard sends in XT set 1 for the keys that Linux numbers. Up to KEY_KPDOT, Linux took its
 * numbers from this very set. The rest are what Linux' driver for AT keyboards (atkbd) decodes,
 * those of F13 and up, of Japanese, Korean and Sun keyboards and of the media keys included.
 */
static const guint16 scancodes[] = {
  [KEY_ZENKAKUHANKAKU]   = 0x76,
  [KEY_102ND]            = 0x56,
  [KEY_F11]              = 0x57,
  [KEY_F12]              = 0x58,
  [KEY_RO]               = 0x73,
  [KEY_KATAKANA]         = 0x78,
  [KEY_HIRAGANA]         = 0x77,
  [KEY_HENKAN]           = 0x79,
  [KEY_KATAKANAHIRAGANA] = 0x70,
  [KEY_MUHENKAN]         = 0x7b,
  [KEY_KPJPCOMMA]        = 0x5c,
  [KEY_KPENTER]          = E0 (0x1c),
  [KEY_RIGHTCTRL]        = E0 (0x1d),
  [KEY_KPSLASH]          = E0 (0x35),
  [KEY_SYSRQ]            = LODGE_SCANCODE_PRINT,
  [KEY_RIGHTALT]         = E0 (0x38),
  [KEY_LINEFEED]         = 0x5b,
  [KEY_HOME]             = E0 (0x47),
  [KEY_UP]               = E0 (0x48),
  [KEY_PAGEUP]           = E0 (0x49),
  [KEY_LEFT]             = E0 (0x4b),
  [KEY_RIGHT]            = E0 (0x4d),
  [KEY_END]              = E0 (0x4f),
  [KEY_DOWN]             = E0 (0x50),
  [KEY_PAGEDOWN]         = E0 (0x51),
  [KEY_INSERT]           = E0 (0x52),
  [KEY_DELETE]           = E0 (0x53),
  [KEY_MACRO]            = E0 (0x6f),
  [KEY_MUTE]             = E0 (0x20),
  [KEY_VOLUMEDOWN]       = E0 (0x2e),
  [KEY_VOLUMEUP]         = E0 (0x30),
  [KEY_POWER]            = E0 (0x5e),
  [KEY_KPEQUAL]          = 0x59,
  [KEY_KPPLUSMINUS]      = E0 (0x4e),
  [KEY_PAUSE]            = LODGE_SCANCODE_PAUSE,
  [KEY_SCALE]            = E0 (0x0b),
  [KEY_KPCOMMA]          = 0x7e,
  [KEY_HANGEUL]          = 0x72,
  [KEY_HANJA]            = 0x71,
  [KEY_YEN]              = 0x7d,
  [KEY_LEFTMETA]         = E0 (0x5b),
  [KEY_RIGHTMETA]        = E0 (0x5c),
  [KEY_COMPOSE]          = E0 (0x5d),
  [KEY_STOP]             = E0 (0x68),
  [KEY_AGAIN]            = E0 (0x05),
  [KEY_PROPS]            = E0 (0x06),
  [KEY_UNDO]             = E0 (0x07),
  [KEY_FRONT]            = E0 (0x0c),
  [KEY_COPY]             = E0 (0x78),
  [KEY_OPEN]             = 0x64,
  [KEY_PASTE]            = 0x65,
  [KEY_FIND]             = E0 (0x41),
  [KEY_CUT]              = E0 (0x3c),
  [KEY_HELP]             = E0 (0x75),
  [KEY_MENU]             = E0 (0x1e),
  [KEY_CALC]             = E0 (0x21),
  [KEY_SETUP]            = 0x66,
  [KEY_SLEEP]            = E0 (0x5f),
  [KEY_WAKEUP]           = E0 (0x63),
  [KEY_FILE]             = 0x67,
  [KEY_SENDFILE]         = 0x68,
  [KEY_DELETEFILE]       = 0x69,
  [KEY_XFER]             = E0 (0x13),
  [KEY_PROG1]            = E0 (0x1f),
  [KEY_PROG2]            = E0 (0x17),
  [KEY_WWW]              = E0 (0x02),
  [KEY_MSDOS]            = 0x6a,
  [KEY_SCREENLOCK]       = E0 (0x12),
  [KEY_DIRECTION]        = 0x6b,
  [KEY_CYCLEWINDOWS]     = E0 (0x26),
  [KEY_MAIL]             = E0 (0x6c),
  [KEY_BOOKMARKS]        = E0 (0x66),
  [KEY_COMPUTER]         = E0 (0x6b),
  [KEY_BACK]             = E0 (0x6a),
  [KEY_FORWARD]          = E0 (0x69),
  [KEY_CLOSECD]          = E0 (0x23),
  [KEY_EJECTCD]          = 0x6c,
  [KEY_EJECTCLOSECD]     = E0 (0x7d),
  [KEY_NEXTSONG]         = E0 (0x19),
  [KEY_PLAYPAUSE]        = E0 (0x22),
  [KEY_PREVIOUSSONG]     = E0 (0x10),
  [KEY_STOPCD]           = E0 (0x24),
  [KEY_RECORD]           = E0 (0x31),
  [KEY_REWIND]           = E0 (0x18),
  [KEY_PHONE]            = 0x63,
  [KEY_CONFIG]           = E0 (0x01),
  [KEY_HOMEPAGE]         = E0 (0x32),
  [KEY_REFRESH]          = E0 (0x67),
  [KEY_EDIT]             = E0 (0x08),
  [KEY_SCROLLUP]         = 0x75,
  [KEY_SCROLLDOWN]       = E0 (0x0f),
  [KEY_KPLEFTPAREN]      = E0 (0x76),
  [KEY_KPRIGHTPAREN]     = E0 (0x7b),
  [KEY_NEW]              = E0 (0x09),
  [KEY_REDO]             = E0 (0x0a),
  [KEY_F13]              = 0x5d,
  [KEY_F14]              = 0x5e,
  [KEY_F15]              = 0x5f,
  [KEY_F16]              = 0x55,
  [KEY_F17]              = E0 (0x03),
  [KEY_F18]              = E0 (0x77),
  [KEY_F19]              = E0 (0x04),
  [KEY_F20]              = 0x5a,
  [KEY_F21]              = 0x74,
  [KEY_F22]              = E0 (0x79),
  [KEY_F23]              = 0x6d,
  [KEY_F24]              = 0x6f,
  [KEY_PLAYCD]           = E0 (0x28),
  [KEY_PAUSECD]          = E0 (0x29),
  [KEY_PROG3]            = E0 (0x2b),
  [KEY_PROG4]            = E0 (0x2c),
  [KEY_DASHBOARD]        = E0 (0x2d),
  [KEY_SUSPEND]          = E0 (0x25),
  [KEY_CLOSE]            = E0 (0x2f),
  [KEY_PLAY]             = E0 (0x33),
  [KEY_FASTFORWARD]      = E0 (0x34),
  [KEY_BASSBOOST]        = E0 (0x36),
  [KEY_PRINT]            = E0 (0x39),
  [KEY_HP]               = E0 (0x3a),
  [KEY_CAMERA]           = E0 (0x3b),
  [KEY_SOUND]            = E0 (0x3d),
  [KEY_QUESTION]         = E0 (0x3e),
  [KEY_EMAIL]            = E0 (0x3f),
  [KEY_CHAT]             = E0 (0x40),
  [KEY_SEARCH]           = E0 (0x65),
  [KEY_CONNECT]          = E0 (0x42),
  [KEY_FINANCE]          = E0 (0x43),
  [KEY_SPORT]            = E0 (0x44),
  [KEY_SHOP]             = E0 (0x45),
  [KEY_ALTERASE]         = E0 (0x14),
  [KEY_CANCEL]           = E0 (0x4a),
  [KEY_BRIGHTNESSDOWN]   = E0 (0x4c),
  [KEY_BRIGHTNESSUP]     = E0 (0x54),
  [KEY_MEDIA]            = E0 (0x6d),
  [KEY_SWITCHVIDEOMODE]  = E0 (0x56),
  [KEY_KBDILLUMTOGGLE]   = E0 (0x57),
  [KEY_KBDILLUMDOWN]     = E0 (0x58),
  [KEY_KBDILLUMUP]       = E0 (0x59),
  [KEY_SEND]             = E0 (0x5a),
  [KEY_REPLY]            = E0 (0x64),
  [KEY_FORWARDMAIL]      = E0 (0x0e),
  [KEY_SAVE]             = E0 (0x55),
  [KEY_DOCUMENTS]        = E0 (0x70),
  [KEY_BATTERY]          = E0 (0x71),
  [KEY_BLUETOOTH]        = E0 (0x72),
  [KEY_WLAN]             = E0 (0x73),
  [KEY_UWB]              = E0 (0x74),
};

typedef struct
{
  const char *name;
  guint       keycode;
} KeyName;

static const KeyName names[] = {
  { "alt", KEY_LEFTALT },
  { "alt-r", KEY_RIGHTALT },
  { "altgr", KEY_RIGHTALT },
  { "apostrophe", KEY_APOSTROPHE },
  { "back", KEY_BACK },
  { "backslash", KEY_BACKSLASH },
  { "backspace", KEY_BACKSPACE },
  { "brightness-down", KEY_BRIGHTNESSDOWN },
  { "brightness-up", KEY_BRIGHTNESSUP },
  { "calculator", KEY_CALC },
  { "caps-lock", KEY_CAPSLOCK },
  { "comma", KEY_COMMA },
  { "compose", KEY_COMPOSE },
  { "control", KEY_LEFTCTRL },
  { "ctrl", KEY_LEFTCTRL },
  { "ctrl-r", KEY_RIGHTCTRL },
  { "del", KEY_DELETE },
  { "delete", KEY_DELETE },
  { "dot", KEY_DOT },
  { "down", KEY_DOWN },
  { "end", KEY_END },
  { "enter", KEY_ENTER },
  { "equal", KEY_EQUAL },
  { "esc", KEY_ESC },
  { "escape", KEY_ESC },
  { "forward", KEY_FORWARD },
  { "grave", KEY_GRAVE },
  { "help", KEY_HELP },
  { "home", KEY_HOME },
  { "ins", KEY_INSERT },
  { "insert", KEY_INSERT },
  { "kp-0", KEY_KP0 },
  { "kp-1", KEY_KP1 },
  { "kp-2", KEY_KP2 },
  { "kp-3", KEY_KP3 },
  { "kp-4", KEY_KP4 },
  { "kp-5", KEY_KP5 },
  { "kp-6", KEY_KP6 },
  { "kp-7", KEY_KP7 },
  { "kp-8", KEY_KP8 },
  { "kp-9", KEY_KP9 },
  { "kp-add", KEY_KPPLUS },
  { "kp-decimal", KEY_KPDOT },
  { "kp-divide", KEY_KPSLASH },
  { "kp-enter", KEY_KPENTER },
  { "kp-multiply", KEY_KPASTERISK },
  { "kp-subtract", KEY_KPMINUS },
  { "left", KEY_LEFT },
  { "less", KEY_102ND },
  { "mail", KEY_MAIL },
  { "menu", KEY_COMPOSE },
  { "meta", KEY_LEFTMETA },
  { "meta-r", KEY_RIGHTMETA },
  { "minus", KEY_MINUS },
  { "mute", KEY_MUTE },
  { "next", KEY_NEXTSONG },
  { "num-lock", KEY_NUMLOCK },
  { "page-down", KEY_PAGEDOWN },
  { "page-up", KEY_PAGEUP },
  { "pause", KEY_PAUSE },
  { "period", KEY_DOT },
  { "play", KEY_PLAYPAUSE },
  { "plus", KEY_EQUAL },
  { "power", KEY_POWER },
  { "previous", KEY_PREVIOUSSONG },
  { "print", KEY_SYSRQ },
  { "return", KEY_ENTER },
  { "right", KEY_RIGHT },
  { "scroll-lock", KEY_SCROLLLOCK },
  { "semicolon", KEY_SEMICOLON },
  { "shift", KEY_LEFTSHIFT },
  { "shift-r", KEY_RIGHTSHIFT },
  { "slash", KEY_SLASH },
  { "sleep", KEY_SLEEP },
  { "space", KEY_SPACE },
  { "stop", KEY_STOPCD },
  { "super", KEY_LEFTMETA },
  { "super-r", KEY_RIGHTMETA },
  { "tab", KEY_TAB },
  { "up", KEY_UP },
  { "volume-down", KEY_VOLUMEDOWN },
  { "volume-up", KEY_VOLUMEUP },
  { "wake", KEY_WAKEUP },
  { "win", KEY_LEFTMETA },
  { "www", KEY_WWW },
};

typedef struct
{
  guint keyval;
  guint keycode;
} KeyValue;

static const KeyValue keyvals[] = {
  { GDK_KEY_Alt_L, KEY_LEFTALT },
  { GDK_KEY_Alt_R, KEY_RIGHTALT },
  { GDK_KEY_BackSpace, KEY_BACKSPACE },
  { GDK_KEY_Break, KEY_PAUSE },
  { GDK_KEY_Caps_Lock, KEY_CAPSLOCK },
  { GDK_KEY_Control_L, KEY_LEFTCTRL },
  { GDK_KEY_Control_R, KEY_RIGHTCTRL },
  { GDK_KEY_Delete, KEY_DELETE },
  { GDK_KEY_Down, KEY_DOWN },
  { GDK_KEY_End, KEY_END },
  { GDK_KEY_Escape, KEY_ESC },
  { GDK_KEY_Hangul, KEY_HANGEUL },
  { GDK_KEY_Hangul_Hanja, KEY_HANJA },
  { GDK_KEY_Help, KEY_HELP },
  { GDK_KEY_Henkan_Mode, KEY_HENKAN },
  { GDK_KEY_Hiragana_Katakana, KEY_KATAKANAHIRAGANA },
  { GDK_KEY_Home, KEY_HOME },
  { GDK_KEY_ISO_Left_Tab, KEY_TAB },
  { GDK_KEY_ISO_Level3_Shift, KEY_RIGHTALT },
  { GDK_KEY_Insert, KEY_INSERT },
  { GDK_KEY_KP_Add, KEY_KPPLUS },
  { GDK_KEY_KP_Begin, KEY_KP5 },
  { GDK_KEY_KP_Decimal, KEY_KPDOT },
  { GDK_KEY_KP_Delete, KEY_KPDOT },
  { GDK_KEY_KP_Divide, KEY_KPSLASH },
  { GDK_KEY_KP_Down, KEY_KP2 },
  { GDK_KEY_KP_End, KEY_KP1 },
  { GDK_KEY_KP_Enter, KEY_KPENTER },
  { GDK_KEY_KP_Equal, KEY_KPEQUAL },
  { GDK_KEY_KP_Home, KEY_KP7 },
  { GDK_KEY_KP_Insert, KEY_KP0 },
  { GDK_KEY_KP_Left, KEY_KP4 },
  { GDK_KEY_KP_Multiply, KEY_KPASTERISK },
  { GDK_KEY_KP_Page_Down, KEY_KP3 },
  { GDK_KEY_KP_Page_Up, KEY_KP9 },
  { GDK_KEY_KP_Right, KEY_KP6 },
  { GDK_KEY_KP_Separator, KEY_KPCOMMA },
  { GDK_KEY_KP_Subtract, KEY_KPMINUS },
  { GDK_KEY_KP_Up, KEY_KP8 },
  { GDK_KEY_KP_0, KEY_KP0 },
  { GDK_KEY_KP_1, KEY_KP1 },
  { GDK_KEY_KP_2, KEY_KP2 },
  { GDK_KEY_KP_3, KEY_KP3 },
  { GDK_KEY_KP_4, KEY_KP4 },
  { GDK_KEY_KP_5, KEY_KP5 },
  { GDK_KEY_KP_6, KEY_KP6 },
  { GDK_KEY_KP_7, KEY_KP7 },
  { GDK_KEY_KP_8, KEY_KP8 },
  { GDK_KEY_KP_9, KEY_KP9 },
  { GDK_KEY_Left, KEY_LEFT },
  { GDK_KEY_Linefeed, KEY_LINEFEED },
  { GDK_KEY_Menu, KEY_COMPOSE },
  { GDK_KEY_Meta_L, KEY_LEFTALT },
  { GDK_KEY_Meta_R, KEY_RIGHTALT },
  { GDK_KEY_Mode_switch, KEY_RIGHTALT },
  { GDK_KEY_Muhenkan, KEY_MUHENKAN },
  { GDK_KEY_Num_Lock, KEY_NUMLOCK },
  { GDK_KEY_Page_Down, KEY_PAGEDOWN },
  { GDK_KEY_Page_Up, KEY_PAGEUP },
  { GDK_KEY_Pause, KEY_PAUSE },
  { GDK_KEY_Print, KEY_SYSRQ },
  { GDK_KEY_Redo, KEY_REDO },
  { GDK_KEY_Return, KEY_ENTER },
  { GDK_KEY_Right, KEY_RIGHT },
  { GDK_KEY_Scroll_Lock, KEY_SCROLLLOCK },
  { GDK_KEY_Shift_L, KEY_LEFTSHIFT },
  { GDK_KEY_Shift_R, KEY_RIGHTSHIFT },
  { GDK_KEY_Super_L, KEY_LEFTMETA },
  { GDK_KEY_Super_R, KEY_RIGHTMETA },
  { GDK_KEY_Sys_Req, KEY_SYSRQ },
  { GDK_KEY_Tab, KEY_TAB },
  { GDK_KEY_Undo, KEY_UNDO },
  { GDK_KEY_Up, KEY_UP },
  { GDK_KEY_Zenkaku_Hankaku, KEY_ZENKAKUHANKAKU },
  { GDK_KEY_AudioLowerVolume, KEY_VOLUMEDOWN },
  { GDK_KEY_AudioMute, KEY_MUTE },
  { GDK_KEY_AudioNext, KEY_NEXTSONG },
  { GDK_KEY_AudioPlay, KEY_PLAYPAUSE },
  { GDK_KEY_AudioPrev, KEY_PREVIOUSSONG },
  { GDK_KEY_AudioRaiseVolume, KEY_VOLUMEUP },
  { GDK_KEY_AudioStop, KEY_STOPCD },
};

/* The printable keys of a US keyboard, from the scancode that the first has: bare and with Shift. */
static const struct
{
  guint       scancode;
  const char *bare;
  const char *shifted;
} us_rows[] = {
  { 0x02, "1234567890-=", "!@#$%^&*()_+" },
  { 0x10, "qwertyuiop[]", "QWERTYUIOP{}" },
  { 0x1e, "asdfghjkl;'`", "ASDFGHJKL:\"~" },
  { 0x2b, "\\zxcvbnm,./", "|ZXCVBNM<>?" },
  { 0x39, " ", "" },
  { 0x0f, "\t", "" },
  { 0x1c, "\n", "" },
};

/**
 * lodge_keymap_scancode_for_evdev:
 * @keycode: a key as Linux numbers it, `KEY_…` of linux/input-event-codes.h
 *
 * Returns: what a keyboard sends for it, or 0 if none ever had that key
 */
guint
lodge_keymap_scancode_for_evdev (guint keycode)
{
  if (keycode <= KEY_KPDOT)
    return keycode;

  return keycode < G_N_ELEMENTS (scancodes) ? scancodes[keycode] : 0;
}

/* Wayland numbers keys as evdev does. An X server may number them as it likes: the usual drivers
 * follow evdev, servers for other systems and very old ones do not, and the keys of the cursor
 * block tell.
 */
static gboolean
follows_evdev (GdkDisplay *display)
{
  static const KeyValue probes[] = {
    { GDK_KEY_Page_Up, KEY_PAGEUP },
    { GDK_KEY_Up, KEY_UP },
    { GDK_KEY_Home, KEY_HOME },
    { GDK_KEY_Delete, KEY_DELETE },
  };

  if (g_str_equal (G_OBJECT_TYPE_NAME (display), "GdkWaylandDisplay"))
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
    {
      g_autofree GdkKeymapKey *keys = NULL;
      int n_keys;

      if (!gdk_display_map_keyval (display, probes[i].keyval, &keys, &n_keys))
        continue;

      for (int j = 0; j < n_keys; j++)
        if (keys[j].keycode == probes[i].keycode + FIRST_HARDWARE_KEYCODE)
          return TRUE;
    }

  return FALSE;
}

static guint
scancode_for_mapped_keycode (GdkDisplay *display,
                             guint       hardware_keycode)
{
  g_autofree guint *mapped = NULL;
  int n_mapped;
  guint scancode = 0;

  if (!gdk_display_map_keycode (display, hardware_keycode, NULL, &mapped, &n_mapped))
    return 0;

  for (int i = 0; i < n_mapped && scancode == 0; i++)
    scancode = lodge_keymap_scancode_for_keyval (mapped[i]);

  return scancode;
}

/**
 * lodge_keymap_scancode_for_event:
 * @display: where the event came from
 * @hardware_keycode: the event's keycode
 *
 * The scancode of the key at that place of the keyboard, whatever the host's layout calls it. Only
 * on a display that does not number keys as Linux does, the layout is asked.
 *
 * Returns: the scancode, or 0
 */
guint
lodge_keymap_scancode_for_event (GdkDisplay *display,
                                 guint       hardware_keycode)
{
  g_return_val_if_fail (GDK_IS_DISPLAY (display), 0);

  if (!follows_evdev (display))
    return scancode_for_mapped_keycode (display, hardware_keycode);

  if (hardware_keycode < FIRST_HARDWARE_KEYCODE)
    return 0;

  return lodge_keymap_scancode_for_evdev (hardware_keycode - FIRST_HARDWARE_KEYCODE);
}

/**
 * lodge_keymap_scancode_for_keyval:
 * @keyval: what a key means in a layout, `GDK_KEY_…`
 *
 * Returns: the scancode of the key that means this on a US keyboard, or 0
 */
guint
lodge_keymap_scancode_for_keyval (guint keyval)
{
  gunichar character;
  guint scancode;
  gboolean shift;

  if (keyval >= GDK_KEY_F1 && keyval <= GDK_KEY_F10)
    return lodge_keymap_scancode_for_evdev (KEY_F1 + keyval - GDK_KEY_F1);

  if (keyval >= GDK_KEY_F11 && keyval <= GDK_KEY_F12)
    return lodge_keymap_scancode_for_evdev (KEY_F11 + keyval - GDK_KEY_F11);

  if (keyval >= GDK_KEY_F13 && keyval <= GDK_KEY_F24)
    return lodge_keymap_scancode_for_evdev (KEY_F13 + keyval - GDK_KEY_F13);

  for (guint i = 0; i < G_N_ELEMENTS (keyvals); i++)
    if (keyvals[i].keyval == keyval)
      return lodge_keymap_scancode_for_evdev (keyvals[i].keycode);

  character = gdk_keyval_to_unicode (keyval);
  return lodge_keymap_scancode_for_char (character, &scancode, &shift) ? scancode : 0;
}

/**
 * lodge_keymap_scancode_for_name:
 * @name: "ctrl", "alt", "shift", "super", "delete", "f1" to "f24", "print", "sysrq", "escape",
 *   "page-up", "volume-up" …; or the character on a US keyboard's key: "a", "1", "/"
 *
 * Upper and lower case are the same, and so are "-" and "_" within a name. The right key of a pair
 * has "-r" behind its name.
 *
 * Returns: the scancode, or 0 if there is no key of that name
 */
guint
lodge_keymap_scancode_for_name (const char *name)
{
  g_autofree char *plain = NULL;
  guint scancode;
  guint64 number;
  gboolean shift;

  g_return_val_if_fail (name != NULL, 0);

  if (g_utf8_strlen (name, -1) == 1)
    return lodge_keymap_scancode_for_char (g_utf8_get_char (name), &scancode, &shift) ? scancode : 0;

  plain = g_strdelimit (g_ascii_strdown (name, -1), "_", '-');

  if (g_str_equal (plain, "sysrq"))
    return LODGE_SCANCODE_SYSRQ;

  if (plain[0] == 'f' && g_ascii_string_to_unsigned (plain + 1, 10, 1, 24, &number, NULL))
    return lodge_keymap_scancode_for_evdev (number <= 10 ? KEY_F1 + number - 1
                                            : number <= 12 ? KEY_F11 + number - 11
                                            : KEY_F13 + number - 13);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].name, plain))
      return lodge_keymap_scancode_for_evdev (names[i].keycode);

  return 0;
}

/**
 * lodge_keymap_scancode_for_char:
 * @character: a character
 * @scancode: (out): the key that types it on a US keyboard
 * @shift: (out): whether Shift has to be held
 *
 * Tab, newline and space are characters here; other control characters are not.
 *
 * Returns: FALSE if there is no such key
 */
gboolean
lodge_keymap_scancode_for_char (gunichar  character,
                                guint    *scancode,
                                gboolean *shift)
{
  if (character == 0 || character > 0x7f)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (us_rows); i++)
    {
      const char *found;

      if ((found = strchr (us_rows[i].bare, (char)character)) != NULL)
        *scancode = us_rows[i].scancode + (guint)(found - us_rows[i].bare);
      else if ((found = strchr (us_rows[i].shifted, (char)character)) != NULL)
        *scancode = us_rows[i].scancode + (guint)(found - us_rows[i].shifted);
      else
        continue;

      *shift = strchr (us_rows[i].bare, (char)character) == NULL;
      return TRUE;
    }

  return FALSE;
}

/**
 * lodge_keymap_is_modifier:
 * @scancode: a scancode
 *
 * Returns: whether the key has a meaning while it is held or locks: Shift, Ctrl, Alt, Super on both
 *   sides, and the three lock keys
 */
gboolean
lodge_keymap_is_modifier (guint scancode)
{
  switch (scancode)
    {
    case KEY_LEFTSHIFT:
    case KEY_RIGHTSHIFT:
    case KEY_LEFTCTRL:
    case E0 (0x1d):
    case KEY_LEFTALT:
    case E0 (0x38):
    case E0 (0x5b):
    case E0 (0x5c):
    case KEY_CAPSLOCK:
    case KEY_NUMLOCK:
    case KEY_SCROLLLOCK:
      return TRUE;

    default:
      return FALSE;
    }
}
