/* test-quantity.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lodge-error.h"
#include "lodge-quantity-private.h"

#include <string.h>

#define KIB G_GUINT64_CONSTANT (1)
#define MIB (KIB * 1024)
#define GIB (MIB * 1024)
#define TIB (GIB * 1024)

#define OK -1

static const LodgeNumberStyle plain = { ".", "" };
static const LodgeNumberStyle english = { ".", "," };
static const LodgeNumberStyle german = { ",", "." };
static const LodgeNumberStyle french = { ",", "\342\200\257" };

static void
check_memory (const LodgeNumberStyle *style,
              const char             *text,
              guint64                 minimum,
              guint64                 maximum,
              int                     code,
              guint64                 expected)
{
  g_autoptr(GError) error = NULL;
  guint64 kib = 4711;
  gboolean good = _lodge_quantity_parse_memory (style, text, minimum, maximum, &kib, &error);

  if (code == OK)
    {
      g_assert_no_error (error);
      g_assert_true (good);
      g_assert_cmpuint (kib, ==, expected);
    }
  else
    {
      g_assert_error (error, LODGE_ERROR, code);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_false (good);
      g_assert_cmpuint (kib, ==, 4711);
    }
}

static void
test_units (void)
{
  static const struct
  {
    const char *text;
    guint64     kib;
  } cases[] =
  {
    { "6.5 GiB", 6 * GIB + GIB / 2 },
    { "6.5GiB", 6 * GIB + GIB / 2 },
    { " 6.5  gib ", 6 * GIB + GIB / 2 },
    { "6.5 G", 6 * GIB + GIB / 2 },
    { "512 MB", 500000 },
    { "512 MiB", 512 * MIB },
    { "512m", 512 * MIB },
    { "512 Mio", 512 * MIB },
    { "1 Go", 976563 },
    { "100 KiB", 100 },
    { "100 k", 100 },
    { "2048 B", 2 },
    { "2048 bytes", 2 },
    { "1023 bytes", 1 },
    { "1 TiB", TIB },
    { "0.5 TiB", TIB / 2 },
    { "4", 4 * GIB },
    { "+4", 4 * GIB },
    { ".5", GIB / 2 },
    { "5.", 5 * GIB },
    { "0004", 4 * GIB },
    { "1.0000000000000000000000000000001 GiB", GIB },
    { "6.5\302\240GiB", 6 * GIB + GIB / 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_memory (&plain, cases[i].text, 1, 16 * TIB, OK, cases[i].kib);
}

static void
test_hostile (void)
{
  static const struct
  {
    const char *text;
    int         code;
  } cases[] =
  {
    { "", LODGE_ERROR_NOT_A_NUMBER },
    { "   ", LODGE_ERROR_NOT_A_NUMBER },
    { ".", LODGE_ERROR_NOT_A_NUMBER },
    { "-", LODGE_ERROR_NOT_A_NUMBER },
    { "GiB", LODGE_ERROR_NOT_A_NUMBER },
    { "parsecs", LODGE_ERROR_NOT_A_NUMBER },
    { "nan", LODGE_ERROR_NOT_A_NUMBER },
    { "inf GiB", LODGE_ERROR_NOT_A_NUMBER },
    { "%s%n%n", LODGE_ERROR_NOT_A_NUMBER },
    { "\377\376", LODGE_ERROR_NOT_A_NUMBER },
    { "4 \303", LODGE_ERROR_NOT_A_NUMBER },
    { "٤ GiB", LODGE_ERROR_NOT_A_NUMBER },
    { "12 parsecs", LODGE_ERROR_UNKNOWN_UNIT },
    { "12 %s", LODGE_ERROR_UNKNOWN_UNIT },
    { "12 GiBs", LODGE_ERROR_UNKNOWN_UNIT },
    { "12 Gb/s", LODGE_ERROR_UNKNOWN_UNIT },
    { "12 X", LODGE_ERROR_UNKNOWN_UNIT },
    { "4 GiB GiB", LODGE_ERROR_UNKNOWN_UNIT },
    { "4 4 GiB", LODGE_ERROR_UNKNOWN_UNIT },
    { "1e3 GiB", LODGE_ERROR_UNKNOWN_UNIT },
    { "0x10", LODGE_ERROR_UNKNOWN_UNIT },
    { "1.2.3 GiB", LODGE_ERROR_UNKNOWN_UNIT },
    { "4 – 6 GiB", LODGE_ERROR_UNKNOWN_UNIT },
    { "0", LODGE_ERROR_NOT_POSITIVE },
    { "0.0 GiB", LODGE_ERROR_NOT_POSITIVE },
    { "-0", LODGE_ERROR_NOT_POSITIVE },
    { "-4 GiB", LODGE_ERROR_NOT_POSITIVE },
    { "\342\210\2224 GiB", LODGE_ERROR_NOT_POSITIVE },
    { "-99999999999999999999 GiB", LODGE_ERROR_NOT_POSITIVE },
    { "1 B", LODGE_ERROR_TOO_SMALL },
    { "63 MiB", LODGE_ERROR_TOO_SMALL },
    { "64 PiB", LODGE_ERROR_TOO_LARGE },
    { "25 GiB", LODGE_ERROR_TOO_LARGE },
    { "18446744073709551615", LODGE_ERROR_TOO_LARGE },
    { "18446744073709551616 EiB", LODGE_ERROR_TOO_LARGE },
    { "99999999999999999999999999999999999999999999", LODGE_ERROR_TOO_LARGE },
  };
  g_autofree char *longest = g_strnfill (100000, '9');

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_memory (&plain, cases[i].text, 64 * MIB, 24 * GIB, cases[i].code, 0);

  check_memory (&plain, longest, 1, G_MAXUINT64, LODGE_ERROR_NOT_A_NUMBER, 0);
  check_memory (&plain, "18446744073709551615 EiB", 1, G_MAXUINT64, LODGE_ERROR_TOO_LARGE, 0);
}

/* A number alone is of the unit in which it can be meant. */
static void
test_no_unit (void)
{
  check_memory (&plain, "4", 64 * MIB, 24 * GIB, OK, 4 * GIB);
  check_memory (&plain, "24", 64 * MIB, 24 * GIB, OK, 24 * GIB);
  check_memory (&plain, "512", 64 * MIB, 24 * GIB, OK, 512 * MIB);
  check_memory (&plain, "2048", 64 * MIB, 24 * GIB, OK, 2 * GIB);
  check_memory (&plain, "25", 64 * MIB, 24 * GIB, LODGE_ERROR_TOO_LARGE, 0);
  check_memory (&plain, "512", 64 * MIB, TIB, OK, 512 * GIB);
  check_memory (&plain, "99999999", 64 * MIB, 24 * GIB, LODGE_ERROR_TOO_LARGE, 0);
}

static void
test_marks (void)
{
  static const struct
  {
    const LodgeNumberStyle *style;
    const char             *text;
    guint64                 kib;
  } cases[] =
  {
    { &german, "6,5 GiB", 6 * GIB + GIB / 2 },
    { &german, "6.5 GiB", 6 * GIB + GIB / 2 },
    { &german, "1.024 MiB", GIB },
    { &german, "1.024,5 MiB", GIB + MIB / 2 },
    { &german, "1.048.576 KiB", GIB },
    { &german, "1.5 MiB", MIB + MIB / 2 },
    { &english, "6,5 GiB", 6 * GIB + GIB / 2 },
    { &english, "1,024 MiB", GIB },
    { &english, "1,024.5 MiB", GIB + MIB / 2 },
    { &english, "1,048,576 KiB", GIB },
    { &french, "6,5 Gio", 6 * GIB + GIB / 2 },
    { &french, "1\342\200\257024 Mio", GIB },
    { &french, "1 024,5 Mio", GIB + MIB / 2 },
    { &plain, "6,5 GiB", 6 * GIB + GIB / 2 },
    { &plain, "1 024 MiB", GIB },
    { &plain, "1'024 MiB", GIB },
    { &plain, "1.024 KiB", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_memory (cases[i].style, cases[i].text, 1, TIB, OK, cases[i].kib);

  check_memory (&german, "1.2.3 GiB", 1, TIB, LODGE_ERROR_UNKNOWN_UNIT, 0);
  check_memory (&german, "1,2,3 GiB", 1, TIB, LODGE_ERROR_UNKNOWN_UNIT, 0);
}

static void
check_format (const LodgeNumberStyle *style,
              guint64                 kib,
              gboolean                exact,
              const char             *expected)
{
  g_autofree char *text = _lodge_quantity_format (style, kib, exact);
  char *space = strstr (text, "\302\240");

  g_assert_nonnull (space);
  *space = ' ';
  memmove (space + 1, space + 2, strlen (space + 1));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_format (void)
{
  check_format (&plain, 0, FALSE, "0 KiB");
  check_format (&plain, 1000, FALSE, "1000 KiB");
  check_format (&plain, 64 * MIB, FALSE, "64 MiB");
  check_format (&plain, 6 * GIB + GIB / 2, FALSE, "6.5 GiB");
  check_format (&german, 6 * GIB + GIB / 2, FALSE, "6,5 GiB");
  check_format (&plain, 6 * GIB + 1, FALSE, "6 GiB");
  check_format (&plain, GIB - 1, FALSE, "1 GiB");
  check_format (&plain, 2 * TIB, FALSE, "2 TiB");
  check_format (&plain, 5000 * TIB, FALSE, "5000 TiB");

  check_format (&plain, 6 * GIB + GIB / 2, TRUE, "6.5 GiB");
  check_format (&plain, 6 * GIB + 100 * MIB, TRUE, "6244 MiB");
  check_format (&plain, 6 * GIB + 1, TRUE, "6291457 KiB");
  check_format (&plain, GIB - 1, TRUE, "1048575 KiB");
}

/* What a field shows means what it showed, whoever reads it. */
static void
test_round_trip (void)
{
  const LodgeNumberStyle *styles[] = { &plain, &english, &german, &french };

  for (guint i = 0; i < 20000; i++)
    {
      const LodgeNumberStyle *style = styles[i % G_N_ELEMENTS (styles)];
      guint64 kib = ((guint64)(guint32)g_test_rand_int () << 8 | (g_test_rand_int () & 0xff)) >>
                    g_test_rand_int_range (0, 36);
      g_autofree char *text = NULL;

      kib = MAX (kib, 1);
      text = _lodge_quantity_format (style, kib, TRUE);
      check_memory (style, text, 1, G_MAXUINT64 - 1, OK, kib);
    }
}

/* Whatever is typed, there is either an amount within the limits or a reason. */
static void
test_any_text (void)
{
  static const char * const pieces[] =
  {
    "0", "1", "9", "512", "000", ".", ",", " ", "-", "+", "'", "G", "i", "B", "MiB", "%", "e",
    "\302\240", "\342\200\257", "\342\210\222", "\377", "٣", "parsec",
  };

  for (guint i = 0; i < 50000; i++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      g_autoptr(GError) error = NULL;
      guint64 kib = 0;

      for (int k = g_test_rand_int_range (0, 9); k > 0; k--)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);

      if (_lodge_quantity_parse_memory (i % 2 == 0 ? &german : &english, text->str,
                                        64 * MIB, 24 * GIB, &kib, &error))
        g_assert_true (kib >= 64 * MIB && kib <= 24 * GIB);
      else
        g_assert_true (error->domain == LODGE_ERROR && kib == 0);
    }
}

static void
test_cores (void)
{
  static const struct
  {
    const char *text;
    int         code;
    guint       thousandths;
  } cases[] =
  {
    { "2", OK, 2000 },
    { "1.5", OK, 1500 },
    { "1,5", OK, 1500 },
    { "150 %", OK, 1500 },
    { "0.1", OK, 100 },
    { "0", LODGE_ERROR_NOT_POSITIVE, 0 },
    { "-1", LODGE_ERROR_NOT_POSITIVE, 0 },
    { "0.05", LODGE_ERROR_TOO_SMALL, 0 },
    { "9", LODGE_ERROR_TOO_LARGE, 0 },
    { "99999999999999999999", LODGE_ERROR_TOO_LARGE, 0 },
    { "2 GiB", LODGE_ERROR_UNKNOWN_UNIT, 0 },
    { "two", LODGE_ERROR_NOT_A_NUMBER, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      guint thousandths = 0;
      gboolean good;

      good = _lodge_quantity_parse_cores (&plain, cases[i].text, 100, 8000, &thousandths, &error);
      g_assert_cmpint (good, ==, cases[i].code == OK);
      g_assert_cmpuint (thousandths, ==, cases[i].thousandths);
      if (!good)
        g_assert_error (error, LODGE_ERROR, cases[i].code);
    }
}

static void
test_of_this_locale (void)
{
  g_autofree char *cores = lodge_quantity_format_cores (1500);
  g_autofree char *memory = lodge_quantity_format_memory_exact (6 * GIB + GIB / 2);
  g_autofree char *about = lodge_quantity_format_memory (6 * GIB + 1);
  guint thousandths;
  guint64 kib;

  g_assert_true (lodge_quantity_parse_cores (cores, 1, 2000, &thousandths, NULL));
  g_assert_cmpuint (thousandths, ==, 1500);
  g_assert_true (lodge_quantity_parse_memory (memory, 1, TIB, &kib, NULL));
  g_assert_cmpuint (kib, ==, 6 * GIB + GIB / 2);
  g_assert_true (lodge_quantity_parse_memory (about, 1, TIB, &kib, NULL));
  g_assert_cmpuint (kib, ==, 6 * GIB);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/quantity/units", test_units);
  g_test_add_func ("/core/quantity/hostile", test_hostile);
  g_test_add_func ("/core/quantity/no-unit", test_no_unit);
  g_test_add_func ("/core/quantity/marks", test_marks);
  g_test_add_func ("/core/quantity/format", test_format);
  g_test_add_func ("/core/quantity/round-trip", test_round_trip);
  g_test_add_func ("/core/quantity/any-text", test_any_text);
  g_test_add_func ("/core/quantity/cores", test_cores);
  g_test_add_func ("/core/quantity/of-this-locale", test_of_this_locale);

  return g_test_run ();
}
