/* test-release-keys.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-release-keys.h"

/* "+Control_L -Control_L": presses and releases. A release that lets go of the grab is followed by
 * "!", a press that the guest must not see by "~", a click is "*".
 */
static void
play (LodgeReleaseKeys *keys,
      const char       *script)
{
  g_auto(GStrv) steps = g_strsplit (script, " ", -1);

  for (guint i = 0; steps[i] != NULL; i++)
    {
      const char *step = steps[i];
      g_autofree char *name = g_strdup (step + 1);
      gboolean marked = g_str_has_suffix (name, "!") || g_str_has_suffix (name, "~");
      guint keyval;

      if (g_str_equal (step, "*"))
        {
          lodge_release_keys_spoil (keys);
          continue;
        }

      if (marked)
        name[strlen (name) - 1] = '\0';

      keyval = gdk_keyval_from_name (name);
      g_assert_cmpuint (keyval, !=, GDK_KEY_VoidSymbol);
      g_test_message ("%s in %s", step, script);

      if (step[0] == '+')
        g_assert_true (lodge_release_keys_press (keys, keyval) == marked);
      else
        g_assert_true (lodge_release_keys_release (keys, keyval) == marked);
    }
}

static void
test_default (void)
{
  static const char *scripts[] = {
    "+Control_L +Alt_L -Alt_L! -Control_L",
    "+Alt_L +Control_L -Alt_L! -Control_L",
    /* Again, and twice without letting go of the first key. */
    "+Control_L +Alt_L -Control_L! -Alt_L +Control_L +Alt_L -Control_L! -Alt_L",
    /* They repeat while held. */
    "+Control_L +Alt_L +Alt_L +Alt_L -Alt_L! -Control_L",
    /* Combinations of the guest. */
    "+Control_L +Alt_L +Delete -Delete -Alt_L -Control_L",
    "+Control_L +Alt_L +F2 -Control_L -Alt_L -F2",
    "+Control_L +c -c +Alt_L -Alt_L -Control_L",
    "+Control_L -Control_L +Alt_L -Alt_L",
    "+Control_R +Alt_L -Alt_L -Control_R",
    "+Control_L +Alt_L * -Alt_L -Control_L",
    /* Nothing is left of a spoiled one. */
    "+Control_L +Alt_L +Delete -Delete -Alt_L -Control_L +Control_L +Alt_L -Alt_L! -Control_L",
    "+a +Control_L +Alt_L -Alt_L! -Control_L -a",
  };
  static const char *defaults[] = { LODGE_RELEASE_KEYS_DEFAULT, NULL, "", "Nonsense+Alt_L", "+",
                                    "a+b+c+d+e" };

  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    for (guint j = 0; j < G_N_ELEMENTS (scripts); j++)
      {
        g_autoptr(LodgeReleaseKeys) keys = lodge_release_keys_new (defaults[i]);

        play (keys, scripts[j]);
      }
}

static void
test_single (void)
{
  g_autoptr(LodgeReleaseKeys) keys = lodge_release_keys_new ("Control_R");

  play (keys, "+Control_R -Control_R! +Control_R +c -c -Control_R +Control_R -Control_R!");
  play (keys, "+Control_L +Alt_L -Alt_L -Control_L");
}

static void
test_not_a_modifier (void)
{
  g_autoptr(LodgeReleaseKeys) pause = lodge_release_keys_new ("Pause");
  g_autoptr(LodgeReleaseKeys) lock = lodge_release_keys_new ("Scroll_Lock");
  g_autoptr(LodgeReleaseKeys) combined = lodge_release_keys_new (" Control_L + Alt_L + G ");

  play (pause, "+Pause~ -Pause!");
  play (lock, "+Scroll_Lock~ -Scroll_Lock!");
  play (combined, "+Control_L +Alt_L +g~ -g! -Alt_L -Control_L");
  play (combined, "+Control_L +Alt_L -Alt_L -Control_L +g -g");
}

static void
test_reset (void)
{
  g_autoptr(LodgeReleaseKeys) keys = lodge_release_keys_new (NULL);

  play (keys, "+Control_L +Alt_L");
  lodge_release_keys_reset (keys);
  play (keys, "-Alt_L -Control_L +Control_L +Alt_L -Alt_L!");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/display/release-keys/default", test_default);
  g_test_add_func ("/display/release-keys/single", test_single);
  g_test_add_func ("/display/release-keys/not-a-modifier", test_not_a_modifier);
  g_test_add_func ("/display/release-keys/reset", test_reset);

  return g_test_run ();
}
