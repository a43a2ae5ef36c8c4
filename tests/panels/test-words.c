/* test-words.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "lodge-words.h"

static void
test_each_state_and_action_has_words (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  /* Shutting down has the same words as being told to. */
  for (int state = LODGE_STATE_OFF; state <= LODGE_STATE_ASLEEP; state++)
    g_assert_true (g_hash_table_add (seen, (gpointer)lodge_words_machine_state (state, LODGE_ACTION_NONE)));

  for (int action = LODGE_ACTION_START; action <= LODGE_ACTION_FORCE_OFF; action++)
    g_assert_true (g_hash_table_add (seen, (gpointer)lodge_words_machine_state (LODGE_STATE_OFF, action)));
}

static void
test_what_was_asked_is_said_first (void)
{
  g_assert_cmpstr (lodge_words_machine_state (LODGE_STATE_OFF, LODGE_ACTION_START), ==, "Starting…");
  g_assert_cmpstr (lodge_words_machine_state (LODGE_STATE_RUNNING, LODGE_ACTION_SAVE), ==, "Saving to disc…");
}

static void
test_hosts_have_names (void)
{
  static const struct
  {
    const char *uri;
    const char *name;
  } cases[] = {
    { "qemu:///session",           "This Computer" },
    { "qemu:///system",            "This Computer (System)" },
    { "lxc:///system",             "Containers on This Computer" },
    { "qemu+ssh://me@farm/system", "farm" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(LodgeHost) host = lodge_host_new_for_uri (cases[i].uri);
      g_autofree char *name = lodge_words_dup_host_name (host);

      g_assert_cmpstr (name, ==, cases[i].name);
    }
}

static void
test_keys_as_on_the_keyboard (void)
{
  g_autofree char *both = lodge_words_dup_keys ("Control_L+Alt_L");
  g_autofree char *one = lodge_words_dup_keys ("Control_R");
  g_autofree char *unknown = lodge_words_dup_keys ("Scroll_Lock");

  g_assert_cmpstr (both, ==, "Ctrl+Alt");
  g_assert_cmpstr (one, ==, "Right Ctrl");
  g_assert_cmpstr (unknown, ==, "Scroll_Lock");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/panels/words/each-state-and-action-has-words", test_each_state_and_action_has_words);
  g_test_add_func ("/panels/words/what-was-asked-is-said-first", test_what_was_asked_is_said_first);
  g_test_add_func ("/panels/words/hosts-have-names", test_hosts_have_names);
  g_test_add_func ("/panels/words/keys-as-on-the-keyboard", test_keys_as_on_the_keyboard);

  return g_test_run ();
}
