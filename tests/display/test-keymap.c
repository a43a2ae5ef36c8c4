/* test-keymap.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gio.h>
#include <linux/input-event-codes.h>

#include "lodge-keymap.h"

/* Where libvirt's manual pages about key codes are, made from keycodemapdb. */
#define MANUAL "/usr/share/man/man7/virkeycode-%s.7.gz"
/* Made by QEMU from keycodemapdb and xkb. */
#define QEMU_KEYMAP "/usr/share/qemu/keymaps/en-us"

/* Every key of a 104-key keyboard and the media keys that came after, from the tables of the
 * keyboards' makers.
 */
static const struct
{
  guint keycode;
  guint scancode;
} known[] = {
  { KEY_ESC, 0x01 }, { KEY_1, 0x02 }, { KEY_0, 0x0b }, { KEY_MINUS, 0x0c }, { KEY_EQUAL, 0x0d },
  { KEY_BACKSPACE, 0x0e }, { KEY_TAB, 0x0f }, { KEY_Q, 0x10 }, { KEY_P, 0x19 },
  { KEY_LEFTBRACE, 0x1a }, { KEY_RIGHTBRACE, 0x1b }, { KEY_ENTER, 0x1c }, { KEY_LEFTCTRL, 0x1d },
  { KEY_A, 0x1e }, { KEY_L, 0x26 }, { KEY_SEMICOLON, 0x27 }, { KEY_APOSTROPHE, 0x28 },
  { KEY_GRAVE, 0x29 }, { KEY_LEFTSHIFT, 0x2a }, { KEY_BACKSLASH, 0x2b }, { KEY_Z, 0x2c },
  { KEY_M, 0x32 }, { KEY_COMMA, 0x33 }, { KEY_DOT, 0x34 }, { KEY_SLASH, 0x35 },
  { KEY_RIGHTSHIFT, 0x36 }, { KEY_KPASTERISK, 0x37 }, { KEY_LEFTALT, 0x38 }, { KEY_SPACE, 0x39 },
  { KEY_CAPSLOCK, 0x3a }, { KEY_F1, 0x3b }, { KEY_F10, 0x44 }, { KEY_NUMLOCK, 0x45 },
  { KEY_SCROLLLOCK, 0x46 }, { KEY_KP7, 0x47 }, { KEY_KPMINUS, 0x4a }, { KEY_KPPLUS, 0x4e },
  { KEY_KP0, 0x52 }, { KEY_KPDOT, 0x53 }, { KEY_102ND, 0x56 }, { KEY_F11, 0x57 },
  { KEY_F12, 0x58 }, { KEY_KPENTER, 0x11c }, { KEY_RIGHTCTRL, 0x11d }, { KEY_KPSLASH, 0x135 },
  { KEY_SYSRQ, 0x137 }, { KEY_RIGHTALT, 0x138 }, { KEY_HOME, 0x147 }, { KEY_UP, 0x148 },
  { KEY_PAGEUP, 0x149 }, { KEY_LEFT, 0x14b }, { KEY_RIGHT, 0x14d }, { KEY_END, 0x14f },
  { KEY_DOWN, 0x150 }, { KEY_PAGEDOWN, 0x151 }, { KEY_INSERT, 0x152 }, { KEY_DELETE, 0x153 },
  { KEY_LEFTMETA, 0x15b }, { KEY_RIGHTMETA, 0x15c }, { KEY_COMPOSE, 0x15d },
  { KEY_PAUSE, LODGE_SCANCODE_PAUSE }, { KEY_POWER, 0x15e }, { KEY_SLEEP, 0x15f },
  { KEY_WAKEUP, 0x163 }, { KEY_NEXTSONG, 0x119 }, { KEY_PREVIOUSSONG, 0x110 },
  { KEY_STOPCD, 0x124 }, { KEY_PLAYPAUSE, 0x122 }, { KEY_MUTE, 0x120 }, { KEY_VOLUMEUP, 0x130 },
  { KEY_VOLUMEDOWN, 0x12e }, { KEY_MEDIA, 0x16d }, { KEY_MAIL, 0x16c }, { KEY_CALC, 0x121 },
  { KEY_COMPUTER, 0x16b }, { KEY_SEARCH, 0x165 }, { KEY_HOMEPAGE, 0x132 }, { KEY_BACK, 0x16a },
  { KEY_FORWARD, 0x169 }, { KEY_REFRESH, 0x167 }, { KEY_BOOKMARKS, 0x166 }, { KEY_RO, 0x73 },
  { KEY_YEN, 0x7d }, { KEY_HENKAN, 0x79 }, { KEY_MUHENKAN, 0x7b }, { KEY_KATAKANAHIRAGANA, 0x70 },
  { KEY_HANGEUL, 0x72 }, { KEY_HANJA, 0x71 },
};

static void
test_known (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_cmphex (lodge_keymap_scancode_for_evdev (known[i].keycode), ==, known[i].scancode);

  g_assert_cmphex (lodge_keymap_scancode_for_evdev (KEY_RESERVED), ==, 0);
  g_assert_cmphex (lodge_keymap_scancode_for_evdev (84), ==, 0);
  g_assert_cmphex (lodge_keymap_scancode_for_evdev (BTN_LEFT), ==, 0);
  g_assert_cmphex (lodge_keymap_scancode_for_evdev (G_MAXUINT), ==, 0);
}

static void
test_unique (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint keycode = 1; keycode < 256; keycode++)
    {
      guint scancode = lodge_keymap_scancode_for_evdev (keycode);

      if (scancode != 0)
        g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (scancode)));
    }
}

/* A released code has the top bit set, so none may have it; nor be a prefix. */
static void
test_sendable (void)
{
  for (guint keycode = 1; keycode < 256; keycode++)
    {
      guint scancode = lodge_keymap_scancode_for_evdev (keycode);

      g_assert_cmphex (scancode & 0x80, ==, 0);
      g_assert_cmphex (scancode & ~0x37fu, ==, 0);
    }
}

static char *
read_manual (const char *name)
{
  g_autofree char *path = g_strdup_printf (MANUAL, name);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInputStream) raw = g_file_read (file, NULL, NULL);
  g_autoptr(GZlibDecompressor) decompressor = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GError) error = NULL;

  if (raw == NULL)
    return NULL;

  decompressor = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  stream = g_converter_input_stream_new (G_INPUT_STREAM (raw), G_CONVERTER (decompressor));
  g_output_stream_splice (memory, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (memory, "", 1, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (memory, NULL, &error);
  g_assert_no_error (error);

  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (memory));
}

/* Linux' name of a key → its code, or NULL where the manual pages are not installed. */
static GHashTable *
read_codes (const char *name)
{
  g_autofree char *text = read_manual (name);
  g_autoptr(GRegex) regex = NULL;
  g_autoptr(GMatchInfo) match = NULL;
  GHashTable *codes;

  if (text == NULL)
    return NULL;

  codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  regex = g_regex_new ("^(\\d+) \\(0x[0-9a-f]+\\)\\n\\.sp\\nKey name (\\w+)$",
                       G_REGEX_MULTILINE, 0, NULL);

  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *code = g_match_info_fetch (match, 1);

      g_hash_table_insert (codes, g_match_info_fetch (match, 2), GUINT_TO_POINTER (atoi (code)));
    }

  return codes;
}

/* Its numbers have the top bit for the prefix. */
static guint
scancode_for_qemu (guint number)
{
  return (number & 0x80) != 0 ? 0x100 | (number & 0x7f) : number;
}

static void
test_keycodemapdb (void)
{
  g_autoptr(GHashTable) numbers = read_codes ("linux");
  g_autoptr(GHashTable) wanted = read_codes ("qnum");
  GHashTableIter iter;
  gpointer name, number;
  guint n_compared = 0;

  if (numbers == NULL || wanted == NULL)
    {
      g_test_skip ("libvirt-clients' manual pages are not installed");
      return;
    }

  g_hash_table_iter_init (&iter, wanted);

  while (g_hash_table_iter_next (&iter, &name, &number))
    {
      guint keycode = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, name));

      /* Pause stands there as what it sends with Ctrl. */
      if (keycode == 0 || keycode == KEY_PAUSE || keycode > KEY_UWB)
        continue;

      g_test_message ("%s", (const char *)name);
      g_assert_cmphex (lodge_keymap_scancode_for_evdev (keycode), ==,
                       scancode_for_qemu (GPOINTER_TO_UINT (number)));
      n_compared++;
    }

  g_assert_cmpuint (n_compared, >, 200);
}

static void
test_qemu (void)
{
  g_autofree char *text = NULL;
  g_autoptr(GRegex) regex = NULL;
  g_autoptr(GMatchInfo) match = NULL;
  guint n_compared = 0;

  if (!g_file_get_contents (QEMU_KEYMAP, &text, NULL, NULL))
    {
      g_test_skip ("QEMU's keymaps are not installed");
      return;
    }

  regex = g_regex_new ("^# evdev (\\d+) .*, number 0x([0-9a-f]+)$", G_REGEX_MULTILINE, 0, NULL);

  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *keycode = g_match_info_fetch (match, 1);
      g_autofree char *number = g_match_info_fetch (match, 2);
      guint code = atoi (keycode);

      /* QEMU has Pause as what it sends with Ctrl, Print as what it sends with Alt. */
      if (code == KEY_PAUSE || code == KEY_SYSRQ)
        continue;

      g_assert_cmphex (lodge_keymap_scancode_for_evdev (code), ==,
                       scancode_for_qemu (g_ascii_strtoull (number, NULL, 16)));
      n_compared++;
    }

  g_assert_cmpuint (n_compared, >, 100);
}

static void
test_names (void)
{
  static const struct
  {
    const char *name;
    guint       scancode;
  } cases[] = {
    { "ctrl", 0x1d }, { "Control", 0x1d }, { "alt", 0x38 }, { "shift", 0x2a }, { "super", 0x15b },
    { "meta", 0x15b }, { "ctrl-r", 0x11d }, { "altgr", 0x138 }, { "delete", 0x153 },
    { "backspace", 0x0e }, { "escape", 0x01 }, { "F1", 0x3b }, { "f10", 0x44 }, { "f11", 0x57 },
    { "f12", 0x58 }, { "f13", 0x5d }, { "f24", 0x6f }, { "print", 0x137 }, { "sysrq", 0x54 },
    { "pause", LODGE_SCANCODE_PAUSE }, { "page_up", 0x149 }, { "volume-up", 0x130 }, { "a", 0x1e },
    { "Z", 0x2c }, { "0", 0x0b }, { "/", 0x35 }, { "tab", 0x0f }, { "return", 0x1c },
    { "f25", 0 }, { "f0", 0 }, { "f", 0x21 }, { "", 0 }, { "hyperspace", 0 }, { "ä", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].name);
      g_assert_cmphex (lodge_keymap_scancode_for_name (cases[i].name), ==, cases[i].scancode);
    }
}

static void
test_chars (void)
{
  guint scancode;
  gboolean shift;

  for (gunichar c = ' '; c < 0x7f; c++)
    {
      g_test_message ("%c", (char)c);
      g_assert_true (lodge_keymap_scancode_for_char (c, &scancode, &shift));
      g_assert_cmphex (scancode, <=, 0x39);
      g_assert_true (!g_unichar_isalpha (c) || shift == (gboolean)g_unichar_isupper (c));
    }

  g_assert_true (lodge_keymap_scancode_for_char ('~', &scancode, &shift));
  g_assert_cmphex (scancode, ==, 0x29);
  g_assert_true (shift);
  g_assert_true (lodge_keymap_scancode_for_char ('\n', &scancode, &shift));
  g_assert_cmphex (scancode, ==, 0x1c);
  g_assert_false (shift);
  g_assert_false (lodge_keymap_scancode_for_char (0, &scancode, &shift));
  g_assert_false (lodge_keymap_scancode_for_char (0x1b, &scancode, &shift));
  g_assert_false (lodge_keymap_scancode_for_char (0x7f, &scancode, &shift));
  g_assert_false (lodge_keymap_scancode_for_char (0xe4, &scancode, &shift));
  g_assert_false (lodge_keymap_scancode_for_char (0x161, &scancode, &shift));
}

static void
test_keyvals (void)
{
  static const struct
  {
    guint keyval;
    guint scancode;
  } cases[] = {
    { GDK_KEY_a, 0x1e }, { GDK_KEY_A, 0x1e }, { GDK_KEY_exclam, 0x02 }, { GDK_KEY_Return, 0x1c },
    { GDK_KEY_KP_Enter, 0x11c }, { GDK_KEY_KP_7, 0x47 }, { GDK_KEY_KP_Home, 0x47 },
    { GDK_KEY_Home, 0x147 }, { GDK_KEY_Page_Up, 0x149 }, { GDK_KEY_F12, 0x58 },
    { GDK_KEY_F13, 0x5d }, { GDK_KEY_Control_R, 0x11d }, { GDK_KEY_Pause, LODGE_SCANCODE_PAUSE },
    { GDK_KEY_Super_L, 0x15b }, { GDK_KEY_AudioMute, 0x120 }, { GDK_KEY_adiaeresis, 0 },
    { GDK_KEY_VoidSymbol, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmphex (lodge_keymap_scancode_for_keyval (cases[i].keyval), ==, cases[i].scancode);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/display/keymap/known", test_known);
  g_test_add_func ("/display/keymap/unique", test_unique);
  g_test_add_func ("/display/keymap/sendable", test_sendable);
  g_test_add_func ("/display/keymap/keycodemapdb", test_keycodemapdb);
  g_test_add_func ("/display/keymap/qemu", test_qemu);
  g_test_add_func ("/display/keymap/names", test_names);
  g_test_add_func ("/display/keymap/chars", test_chars);
  g_test_add_func ("/display/keymap/keyvals", test_keyvals);

  return g_test_run ();
}
