/* test-usb-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "lodge-usb-text.h"

typedef struct
{
  const char *raw;
  const char *shown;
} Case;

/* What devices say of themselves, and what may be shown of it. */
static const Case cases[] = {
  { "Everyday Camera", "Everyday Camera" },
  { "  SanDisk\t\tUltra \n", "SanDisk Ultra" },
  { "Kamera für Straße 日本", "Kamera für Straße 日本" },
  { "<b>root</b> & co", "<b>root</b> & co" },
  { "one\ntwo\r\nthree\x0b" "four", "one two three four" },
  { "bell\a escape\x1b[31m red", "bell escape[31m red" },
  { "\xe2\x80\xaegnp.exe", "gnp.exe" },                       /* right-to-left override */
  { "a\xe2\x81\xa6" "b\xe2\x81\xa9" "c\xd8\x9c" "d", "abcd" },   /* isolates, Arabic letter mark */
  { "zero\xe2\x80\x8bwidth\xef\xbb\xbf", "zerowidth" },
  { "two\xe2\x80\xa8lines\xe2\x80\xa9here", "two lines here" },
  { "tag\xf3\xa0\x81\xa1s", "tags" },
  { "soft\xc2\xadhyphen", "softhyphen" },
  { "\xe3\x85\xa4\xe1\x85\x9f\xe2\xa0\x80", NULL },           /* fillers */
  { "\xf0\x9f\x93\xb7 Cam", "\xf0\x9f\x93\xb7 Cam" },         /* a picture of a camera */
  { "...", NULL },
  { "???", NULL },
  { "", NULL },
  { " \t", NULL },
  { "\xff\xfe", NULL },
  { "bro\xffken", "bro\xef\xbf\xbdken" },
  { "cut\xe2\x82", "cut\xef\xbf\xbd\xef\xbf\xbd" },
};

static void
test_shown (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = lodge_usb_text_dup_shown (cases[i].raw);

      g_assert_cmpstr (shown, ==, cases[i].shown);
    }

  g_assert_null (lodge_usb_text_dup_shown (NULL));
}

static void
test_shown_is_short (void)
{
  g_autoptr(GString) letters = g_string_new (NULL);
  g_autoptr(GString) marks = g_string_new ("a");
  g_autofree char *shown = NULL;
  g_autofree char *marked = NULL;

  for (guint i = 0; i < 126; i++)
    {
      g_string_append (letters, "ü");
      g_string_append (marks, "\xcc\x81");
    }

  shown = lodge_usb_text_dup_shown (letters->str);
  g_assert_cmpint (g_utf8_strlen (shown, -1), ==, 65);
  g_assert_true (g_str_has_suffix (shown, "ü…"));

  /* Letters do not grow out of their row. */
  marked = lodge_usb_text_dup_shown (marks->str);
  g_assert_cmpint (g_utf8_strlen (marked, -1), ==, 4);
}

/* Whatever bytes come, the text can be shown; showing it again changes nothing. */
static void
test_shown_of_noise (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      char raw[64];
      guint length = g_test_rand_int_range (0, sizeof raw);
      g_autofree char *shown = NULL;
      g_autofree char *again = NULL;

      for (guint i = 0; i < length; i++)
        raw[i] = round % 2 == 0 ? g_test_rand_int_range (1, 256)
                                : "\xe2\x80\xae\xf3\xa0\x81 a\x1b\n"[g_test_rand_int_range (0, 11)];
      raw[length] = '\0';

      shown = lodge_usb_text_dup_shown (raw);
      if (shown == NULL)
        continue;

      g_assert_true (g_utf8_validate (shown, -1, NULL));
      g_assert_cmpint (g_utf8_strlen (shown, -1), <=, 65);
      for (const char *at = shown; *at != '\0'; at = g_utf8_next_char (at))
        {
          gunichar character = g_utf8_get_char (at);

          g_assert_false (g_unichar_iscntrl (character));
          g_assert_cmpint (g_unichar_type (character), !=, G_UNICODE_FORMAT);
        }

      again = lodge_usb_text_dup_shown (shown);
      g_assert_cmpstr (again, ==, shown);
    }
}

static void
test_escaped (void)
{
  g_autofree char *plain = lodge_usb_text_dup_escaped ("4C530001-23_#.x");
  g_autofree char *hostile = lodge_usb_text_dup_escaped ("a b%\n<\xff");

  g_assert_cmpstr (plain, ==, "4C530001-23_#.x");
  g_assert_cmpstr (hostile, ==, "a%20b%25%0a<%ff");
  g_assert_null (lodge_usb_text_dup_escaped (""));
  g_assert_null (lodge_usb_text_dup_escaped (" \n"));
  g_assert_null (lodge_usb_text_dup_escaped (NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/usb-text/shown", test_shown);
  g_test_add_func ("/core/usb-text/shown-is-short", test_shown_is_short);
  g_test_add_func ("/core/usb-text/shown-of-noise", test_shown_of_noise);
  g_test_add_func ("/core/usb-text/escaped", test_escaped);

  return g_test_run ();
}
