/* test-problem.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "lodge-display-session.h"
#include "lodge-error.h"
#include "lodge-problem.h"

static void
test_each_code_has_words (void)
{
  g_autoptr(GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int code = LODGE_ERROR_FAILED; code <= LODGE_ERROR_TIMED_OUT; code++)
    {
      g_autoptr(GError) error = g_error_new_literal (LODGE_ERROR, code, "raw words of libvirt");
      g_autoptr(LodgeProblem) problem = lodge_problem_new (error, LODGE_ACTION_START, "desk");

      g_assert_nonnull (strstr (problem->title, "desk"));
      g_assert_cmpstr (problem->details, ==, "raw words of libvirt");
      g_assert_null (strstr (problem->text, "raw words"));
      /* A cause and what to do: at least two sentences, and another pair for each code. */
      g_assert_cmpuint (strlen (problem->text), >, 60);
      g_assert_true (g_hash_table_add (texts, g_strdup (problem->text)));
    }
}

static void
test_causes_are_named (void)
{
  static const struct
  {
    LodgeError  code;
    const char *word;
  } cases[] = {
    { LODGE_ERROR_DISC_MISSING,     "disc" },
    { LODGE_ERROR_DISC_LOCKED,      "another guest" },
    { LODGE_ERROR_FILE_DENIED,      "not allowed" },
    { LODGE_ERROR_NAME_IN_USE,      "name" },
    { LODGE_ERROR_PORT_IN_USE,      "port" },
    { LODGE_ERROR_MEMORY,           "memory" },
    { LODGE_ERROR_KVM,              "KVM" },
    { LODGE_ERROR_NETWORK_INACTIVE, "network" },
    { LODGE_ERROR_NETWORK_MISSING,  "network" },
    { LODGE_ERROR_QEMU_EXITED,      "QEMU ended" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = g_error_new_literal (LODGE_ERROR, cases[i].code, "x");
      g_autoptr(LodgeProblem) problem = lodge_problem_new (error, LODGE_ACTION_START, "desk");

      g_assert_nonnull (strstr (problem->text, cases[i].word));
    }
}

static void
test_a_failed_start_can_be_tried_again (void)
{
  g_autoptr(GError) missing = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_DISC_MISSING, "x");
  g_autoptr(GError) gone = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_GONE, "x");
  g_autoptr(LodgeProblem) retry = lodge_problem_new (missing, LODGE_ACTION_START, "desk");
  g_autoptr(LodgeProblem) no_use = lodge_problem_new (gone, LODGE_ACTION_START, "desk");

  g_assert_cmpstr (retry->action_name, ==, "machine.start");
  g_assert_nonnull (retry->button_label);
  g_assert_null (no_use->button_label);
}

static void
test_foreign_errors_keep_their_text (void)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "No space left");
  g_autoptr(LodgeProblem) problem = lodge_problem_new (error, LODGE_ACTION_NONE, NULL);

  g_assert_cmpstr (problem->text, ==, "No space left");
}

static void
test_invalid_text_is_made_valid (void)
{
  g_autoptr(GError) error = g_error_new_literal (LODGE_ERROR, LODGE_ERROR_FAILED, "bad \xff byte");
  g_autoptr(LodgeProblem) problem = lodge_problem_new (error, LODGE_ACTION_START, "desk");

  g_assert_true (g_utf8_validate (problem->details, -1, NULL));
}

static void
test_each_end_of_a_session_has_words (void)
{
  g_autoptr(LodgeProblem) unknown = lodge_problem_new_session (NULL);

  for (int code = LODGE_SESSION_ERROR_CONNECT; code <= LODGE_SESSION_ERROR_TAKEN_OVER; code++)
    {
      g_autoptr(GError) error = g_error_new_literal (LODGE_SESSION_ERROR, code, "raw");
      g_autoptr(LodgeProblem) problem = lodge_problem_new_session (error);

      g_assert_cmpstr (problem->text, !=, unknown->text);
      g_assert_cmpstr (problem->action_name, ==, "panel.reconnect");
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/panels/problem/each-code-has-words", test_each_code_has_words);
  g_test_add_func ("/panels/problem/causes-are-named", test_causes_are_named);
  g_test_add_func ("/panels/problem/a-failed-start-can-be-tried-again", test_a_failed_start_can_be_tried_again);
  g_test_add_func ("/panels/problem/foreign-errors-keep-their-text", test_foreign_errors_keep_their_text);
  g_test_add_func ("/panels/problem/invalid-text-is-made-valid", test_invalid_text_is_made_valid);
  g_test_add_func ("/panels/problem/each-end-of-a-session-has-words", test_each_end_of_a_session_has_words);

  return g_test_run ();
}
