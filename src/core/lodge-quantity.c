/* lodge-quantity.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "lodge-error.h"
#include "lodge-quantity-private.h"

/*
 * Amounts as people write them.
 *
 * Which of "." and "," is the decimal point depends on who writes. The locale's
 * mark between thousands is one only in front of groups of three digits; in any
 * other place it is taken for a decimal point, as nothing else can be meant. So
 * "6.5 GiB" and "6,5 GiB" are the same everywhere, and "1.024 MiB" is what it
 * looks like to the one who types it.
 */

/* Digits after the point that count. */
#define FRACTION_DIGITS 9
#define FRACTION_UNIT   G_GUINT64_CONSTANT (1000000000)

/* Nobody writes a longer one. */
#define LONGEST_TEXT 100

/* A number that is not negative, and the text behind it. */
typedef struct
{
  guint64     whole;      /* G_MAXUINT64 where it is that or more */
  guint64     fraction;   /* in 1/FRACTION_UNIT */
  gboolean    negative;
  const char *rest;
} Number;

static gboolean
is_space (gunichar character)
{
  return g_unichar_isspace (character) || character == 0xa0 || character == 0x202f ||
         character == 0x2009;
}

static const char *
skip_spaces (const char *at)
{
  while (*at != '\0' && is_space (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);

  return at;
}

static gboolean
has_digits (const char *at,
            guint       n)
{
  for (guint i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (at[i]))
        return FALSE;
    }

  return TRUE;
}

/* Whether a mark of @length bytes at @at stands before a group of exactly three digits. */
static gboolean
is_group (const char *at,
          gsize       length)
{
  return has_digits (at + length, 3) && !g_ascii_isdigit (at[length + 3]);
}

/* The length of a mark between thousands at @at, or 0. */
static gsize
group_mark (const LodgeNumberStyle *style,
            const char             *at)
{
  gsize length = strlen (style->groups);

  if (length > 0 && strncmp (at, style->groups, length) == 0)
    return is_group (at, length) ? length : 0;

  /* Spaces and apostrophes cannot be anything else. */
  if (*at == '\0' || (*at != '\'' && !is_space (g_utf8_get_char (at)) &&
                      g_utf8_get_char (at) != 0x2019))
    return 0;

  length = g_utf8_next_char (at) - at;

  return is_group (at, length) ? length : 0;
}

static gboolean
is_point (const LodgeNumberStyle *style,
          const char             *at)
{
  return *at == '.' || *at == ',' || (*style->point != '\0' && g_str_has_prefix (at, style->point));
}

static void
add_digit (guint64 *number,
           guint    digit)
{
  if (!g_uint64_checked_mul (number, *number, 10) || !g_uint64_checked_add (number, *number, digit))
    *number = G_MAXUINT64;
}

static const char *
read_fraction (Number     *number,
               const char *at)
{
  guint64 unit = FRACTION_UNIT;

  for (; g_ascii_isdigit (*at); at++)
    {
      unit /= 10;
      number->fraction += unit * g_ascii_digit_value (*at);
    }

  return at;
}

static gboolean
read_number (const LodgeNumberStyle *style,
             const char             *text,
             Number                 *number)
{
  const char *at = skip_spaces (text);
  const char *begin;
  gsize mark = 0;

  /* U+2212 is the minus that people copy out of documents. */
  if ((number->negative = *at == '-' || g_utf8_get_char (at) == 0x2212))
    at = g_utf8_next_char (at);
  else if (*at == '+')
    at++;

  begin = at = skip_spaces (at);
  while (g_ascii_isdigit (*at) || (at > begin && (mark = group_mark (style, at)) > 0))
    {
      if (g_ascii_isdigit (*at))
        add_digit (&number->whole, g_ascii_digit_value (*at++));
      else
        at += mark;
    }

  if (*at != '\0' && is_point (style, at) && (at > begin || g_ascii_isdigit (at[1])))
    at = read_fraction (number, g_utf8_next_char (at));

  number->rest = skip_spaces (at);

  return at > begin;
}

static gboolean
refuse (GError     **error,
        int          code,
        const char  *text)
{
  static const char * const reasons[] =
  {
    [LODGE_ERROR_NOT_A_NUMBER] = "no number",
    [LODGE_ERROR_UNKNOWN_UNIT] = "an unknown unit",
    [LODGE_ERROR_NOT_POSITIVE] = "not more than nothing",
    [LODGE_ERROR_TOO_SMALL] = "too small",
    [LODGE_ERROR_TOO_LARGE] = "too large",
  };

  g_set_error (error, LODGE_ERROR, code, "“%.*s”: %s", LONGEST_TEXT, text, reasons[code]);

  return FALSE;
}

static gboolean
parse_number (const LodgeNumberStyle  *style,
              const char              *text,
              Number                  *number,
              GError                 **error)
{
  if (!g_utf8_validate (text, -1, NULL) || strlen (text) > LONGEST_TEXT)
    {
      g_set_error_literal (error, LODGE_ERROR, LODGE_ERROR_NOT_A_NUMBER, "no number");
      return FALSE;
    }

  return read_number (style, text, number) ||
         refuse (error, LODGE_ERROR_NOT_A_NUMBER, text);
}

/* Bytes in a unit: KB is 1,000 and KiB or K is 1,024, as in libvirt's XML (formatdomain.html,
 * "Memory allocation"). French octets count, too. 0 for what is no unit.
 */
static guint64
unit_in_bytes (const char *unit)
{
  static const char letters[] = "KMGTPE";
  g_autofree char *lower = g_strchomp (g_ascii_strdown (unit, -1));
  guint64 base = 1024, bytes = 1;
  const char *letter;

  if (g_str_equal (lower, "b") || g_str_equal (lower, "o") || g_str_equal (lower, "bytes"))
    return 1;

  letter = *lower != '\0' ? strchr (letters, g_ascii_toupper (*lower)) : NULL;
  if (letter == NULL)
    return 0;

  if (g_str_equal (lower + 1, "b") || g_str_equal (lower + 1, "o"))
    base = 1000;
  else if (lower[1] != '\0' && !g_str_equal (lower + 1, "ib") && !g_str_equal (lower + 1, "io") &&
           !g_str_equal (lower + 1, "i"))
    return 0;

  for (const char *at = letters; at <= letter; at++)
    bytes *= base;

  return bytes;
}

/* G_MAXUINT64 for what is more than that. */
static guint64
in_units_of (const Number *number,
             guint64       bytes,
             guint64       unit)
{
  guint64 whole, sum;
  double fraction;

  fraction = (double)number->fraction / FRACTION_UNIT * bytes + unit / 2;
  if (!g_uint64_checked_mul (&whole, number->whole, bytes) ||
      !g_uint64_checked_add (&sum, whole, (guint64)fraction))
    return G_MAXUINT64;

  return sum / unit;
}

/* @value and the limits in the same unit. */
static gboolean
check (const char    *text,
       const Number  *number,
       guint64        value,
       guint64        minimum,
       guint64        maximum,
       GError       **error)
{
  if (number->negative || (number->whole == 0 && number->fraction == 0))
    return refuse (error, LODGE_ERROR_NOT_POSITIVE, text);

  if (value == G_MAXUINT64 || value > maximum)
    return refuse (error, LODGE_ERROR_TOO_LARGE, text);

  if (value == 0 || value < minimum)
    return refuse (error, LODGE_ERROR_TOO_SMALL, text);

  return TRUE;
}

/* A number alone is of GiB; where that is too large and the same of MiB is not, of MiB. */
static guint64
without_unit (const Number *number,
              guint64       minimum,
              guint64       maximum)
{
  guint64 gib = in_units_of (number, unit_in_bytes ("GiB"), 1024);
  guint64 mib = in_units_of (number, unit_in_bytes ("MiB"), 1024);

  return gib > maximum && mib >= minimum && mib <= maximum ? mib : gib;
}

gboolean
_lodge_quantity_parse_memory (const LodgeNumberStyle  *style,
                              const char              *text,
                              guint64                  minimum,
                              guint64                  maximum,
                              guint64                 *kib,
                              GError                 **error)
{
  Number number = { 0, };
  guint64 unit, value;

  if (!parse_number (style, text, &number, error))
    return FALSE;

  unit = unit_in_bytes (number.rest);
  if (unit == 0 && *number.rest != '\0')
    return refuse (error, LODGE_ERROR_UNKNOWN_UNIT, text);

  if (unit == 0)
    value = without_unit (&number, minimum, maximum);
  else
    value = in_units_of (&number, unit, 1024);

  if (!check (text, &number, value, minimum, maximum, error))
    return FALSE;

  *kib = value;

  return TRUE;
}

gboolean
_lodge_quantity_parse_cores (const LodgeNumberStyle  *style,
                             const char              *text,
                             guint                    minimum,
                             guint                    maximum,
                             guint                   *thousandths,
                             GError                 **error)
{
  Number number = { 0, };
  guint64 value;

  if (!parse_number (style, text, &number, error))
    return FALSE;

  if (*number.rest != '\0' && !g_str_equal (number.rest, "%"))
    return refuse (error, LODGE_ERROR_UNKNOWN_UNIT, text);

  value = in_units_of (&number, *number.rest == '%' ? 10 : 1000, 1);
  if (!check (text, &number, value, minimum, maximum, error))
    return FALSE;

  *thousandths = value;

  return TRUE;
}

/* @value with up to @digits digits after the point, without zeros at the end. */
static char *
format_number (const LodgeNumberStyle *style,
               double                  value,
               int                     digits)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE], form[8];
  char *point;

  g_snprintf (form, sizeof form, "%%.%df", digits);
  g_ascii_formatd (buffer, sizeof buffer, form, value);

  if ((point = strchr (buffer, '.')) == NULL)
    return g_strdup (buffer);

  for (char *end = buffer + strlen (buffer) - 1; end > point && *end == '0'; end--)
    *end = '\0';

  *point = '\0';
  if (point[1] == '\0')
    return g_strdup (buffer);

  return g_strconcat (buffer, style->point, point + 1, NULL);
}

/* How many units, each of 1,024 of the one before, fit into @kib. */
static guint
choose_unit (guint64 kib)
{
  guint unit = 0;

  for (; kib >= 1024 && unit < 3; kib /= 1024)
    unit++;

  return unit;
}

/* Whether @kib, in units of 1,024 to the power of @unit KiB, has no more than three digits behind the
 * point.
 */
static gboolean
is_short (guint64 kib,
          guint   unit)
{
  guint64 in_kib = G_GUINT64_CONSTANT (1) << (10 * unit);

  return (kib % in_kib) * 1000 % in_kib == 0;
}

char *
_lodge_quantity_format (const LodgeNumberStyle *style,
                        guint64                 kib,
                        gboolean                exact)
{
  static const char * const names[] = { "KiB", "MiB", "GiB", "TiB" };
  g_autofree char *number = NULL;
  guint unit = choose_unit (kib);
  double value;

  while (exact && unit > 0 && !is_short (kib, unit))
    unit--;

  value = (double)kib / (G_GUINT64_CONSTANT (1) << (10 * unit));

  /* 1,023.97 MiB would be written as 1,024. */
  if (!exact && value >= 1023.5 && unit < G_N_ELEMENTS (names) - 1)
    {
      unit++;
      value /= 1024;
    }

  number = format_number (style, value, exact ? 3 : value < 100 ? 1 : 0);

  return g_strconcat (number, "\302\240", names[unit], NULL);
}

char *
_lodge_quantity_format_cores (const LodgeNumberStyle *style,
                              guint                   thousandths)
{
  return format_number (style, thousandths / 1000.0, 3);
}

/* What localeconv() gives is in the locale's encoding; what is not UTF-8 is left out. */
static LodgeNumberStyle
get_style (void)
{
  struct lconv *conventions = localeconv ();
  LodgeNumberStyle style = { ".", "" };

  if (*conventions->decimal_point != '\0' &&
      g_utf8_validate (conventions->decimal_point, -1, NULL))
    style.point = conventions->decimal_point;
  if (g_utf8_validate (conventions->thousands_sep, -1, NULL))
    style.groups = conventions->thousands_sep;

  return style;
}

/**
 * lodge_quantity_parse_memory:
 * @text: what somebody wrote, of whatever length and encoding
 * @minimum: the least that is allowed, in KiB
 * @maximum: the most that is allowed, in KiB
 * @kib: (out): the amount, to the nearest KiB; left alone on error
 * @error: #LODGE_ERROR
 *
 * Reads a number with a unit, in the form of the user's locale or with a
 * decimal point. KiB and K are 1,024 bytes, KB is 1,000. A number alone is of
 * GiB; where that would be too large and MiB would do, of MiB.
 *
 * Returns: whether it is an amount within the limits
 */
gboolean
lodge_quantity_parse_memory (const char  *text,
                             guint64      minimum,
                             guint64      maximum,
                             guint64     *kib,
                             GError     **error)
{
  LodgeNumberStyle style = get_style ();

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (kib != NULL, FALSE);

  return _lodge_quantity_parse_memory (&style, text, minimum, maximum, kib, error);
}

/**
 * lodge_quantity_parse_cores:
 * @text: what somebody wrote: "2", "1.5" or "150 %"
 * @minimum: the least that is allowed, in thousandths of a core
 * @maximum: the most that is allowed, in thousandths of a core
 * @thousandths: (out): the amount, in thousandths of a core; left alone on error
 * @error: #LODGE_ERROR
 *
 * Returns: whether it is an amount within the limits
 */
gboolean
lodge_quantity_parse_cores (const char  *text,
                            guint        minimum,
                            guint        maximum,
                            guint       *thousandths,
                            GError     **error)
{
  LodgeNumberStyle style = get_style ();

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (thousandths != NULL, FALSE);

  return _lodge_quantity_parse_cores (&style, text, minimum, maximum, thousandths, error);
}

/**
 * lodge_quantity_format_memory:
 * @kib: an amount of memory
 *
 * Returns: (transfer full): it in few digits, like "6.5 GiB", in the form of the locale
 */
char *
lodge_quantity_format_memory (guint64 kib)
{
  LodgeNumberStyle style = get_style ();

  return _lodge_quantity_format (&style, kib, FALSE);
}

/**
 * lodge_quantity_format_memory_exact:
 * @kib: an amount of memory
 *
 * For a field that is read again: lodge_quantity_parse_memory() makes @kib of it.
 *
 * Returns: (transfer full): all of it, in the largest unit in which it has at most three decimals
 */
char *
lodge_quantity_format_memory_exact (guint64 kib)
{
  LodgeNumberStyle style = get_style ();

  return _lodge_quantity_format (&style, kib, TRUE);
}

/**
 * lodge_quantity_format_cores:
 * @thousandths: thousandths of a core
 *
 * Returns: (transfer full): the number of cores, like "1.5", in the form of the locale
 */
char *
lodge_quantity_format_cores (guint thousandths)
{
  LodgeNumberStyle style = get_style ();

  return _lodge_quantity_format_cores (&style, thousandths);
}
