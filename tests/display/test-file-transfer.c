/* test-file-transfer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <spice/vd_agent.h>

#include "lodge-file-transfer.h"
#include "spice-server/patterns.h"
#include "test-spice-server.h"

/* Files on their way to a guest. */

typedef struct
{
  TestSpiceServer     *server;
  LodgeDisplaySession *session;
  GListModel          *transfers;
  GPtrArray           *paths;
  char                *folder;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  test_allow_library_messages ();
  fixture->folder = g_dir_make_tmp ("transfer-XXXXXX", NULL);
  fixture->paths = g_ptr_array_new_with_free_func (g_free);
  fixture->server = test_spice_server_new (NULL, NULL);
  if (data != NULL)
    test_spice_server_do (fixture->server, "agent %s", (const char *)data);
  fixture->session = lodge_display_session_new ();
  fixture->transfers = lodge_display_session_list_transfers (fixture->session);
  test_spice_server_open (fixture->server, fixture->session);
  test_await_that (lodge_display_session_get_state (fixture->session) ==
                   LODGE_SESSION_STATE_CONNECTED);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_assert_finalize_object (fixture->session);
  g_assert_finalize_object (fixture->server);
  for (guint i = 0; i < fixture->paths->len; i++)
    g_unlink (g_ptr_array_index (fixture->paths, i));
  g_ptr_array_unref (fixture->paths);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

/* Sends a file of @size bytes under @name; its checksum, if asked for, is what the guest must see. */
static LodgeFileTransfer *
send (Fixture    *fixture,
      const char *name,
      gsize       size,
      guint32    *sum)
{
  g_autofree guint8 *content = g_malloc (MAX (size, 1));
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  g_autoptr(LodgeFileTransfer) transfer = NULL;

  for (gsize i = 0; i < size; i++)
    content[i] = (guint8)(filling (i) + size % 7);
  g_file_set_contents (path, (const char *)content, (gssize)size, &error);
  g_assert_no_error (error);
  g_ptr_array_add (fixture->paths, g_strdup (path));
  if (sum != NULL)
    *sum = checksum (content, size);

  g_list_store_append (files, file);
  lodge_display_session_send_files (fixture->session, G_LIST_MODEL (files));
  transfer = g_list_model_get_item (fixture->transfers,
                                    g_list_model_get_n_items (fixture->transfers) - 1);
  g_assert_cmpstr (lodge_file_transfer_get_name (transfer), ==, name);

  return g_steal_pointer (&transfer);
}

static gboolean
can_send (Fixture *fixture)
{
  return lodge_display_session_get_can_send_files (fixture->session);
}

static void
assert_arrived (Fixture *fixture,
                gsize    size,
                guint32  sum)
{
  g_autofree char *line = test_spice_server_expect (fixture->server, "file-done");
  g_autofree char *end = g_strdup_printf (" %" G_GSIZE_FORMAT " %08x", size, sum);

  g_assert_true (g_str_has_suffix (line, end));
}

static void
fraction_cb (LodgeFileTransfer *transfer,
             GParamSpec        *pspec,
             double            *fraction)
{
  g_assert_cmpfloat (lodge_file_transfer_get_fraction (transfer), >=, *fraction);
  *fraction = lodge_file_transfer_get_fraction (transfer);
}

static void
test_one (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(LodgeFileTransfer) transfer = NULL;
  g_autofree char *line = NULL;
  guint64 total, transferred;
  double fraction = 0.0;
  guint32 sum;

  test_await_that (can_send (fixture));
  transfer = send (fixture, "Bücher & <b>.bin", 300000, &sum);
  g_signal_connect (transfer, "notify::fraction", G_CALLBACK (fraction_cb), &fraction);
  g_assert_false (lodge_file_transfer_get_done (transfer));

  line = test_spice_server_expect (fixture->server, "file ");
  g_assert_true (g_str_has_suffix (line, " 300000 Bücher & <b>.bin"));
  assert_arrived (fixture, 300000, sum);
  test_await_that (lodge_file_transfer_get_done (transfer));
  g_assert_no_error (lodge_file_transfer_get_error (transfer));
  g_assert_cmpfloat (fraction, ==, 1.0);
  g_object_get (transfer, "total", &total, "transferred", &transferred, NULL);
  g_assert_cmpuint (total, ==, 300000);
  g_assert_cmpuint (transferred, ==, 300000);
}

static void
test_several (Fixture       *fixture,
              gconstpointer  data)
{
  LodgeFileTransfer *transfers[6];

  test_await_that (can_send (fixture));
  for (guint i = 0; i < G_N_ELEMENTS (transfers); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      transfers[i] = send (fixture, name, i * 100001, NULL);
    }

  for (guint i = 0; i < G_N_ELEMENTS (transfers); i++)
    {
      /* The first is empty. */
      test_await_that (lodge_file_transfer_get_done (transfers[i]));
      g_assert_no_error (lodge_file_transfer_get_error (transfers[i]));
      g_assert_cmpfloat (lodge_file_transfer_get_fraction (transfers[i]), ==, 1.0);
      g_object_unref (transfers[i]);
    }
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(LodgeFileTransfer) waiting = NULL;
  g_autoptr(LodgeFileTransfer) other = NULL;

  /* The agent does not answer: cancelled at once all the same. */
  test_await_that (can_send (fixture));
  waiting = send (fixture, "waiting", 100000, NULL);
  other = send (fixture, "other", 100000, NULL);
  g_free (test_spice_server_expect (fixture->server, "file "));
  g_free (test_spice_server_expect (fixture->server, "file "));
  lodge_file_transfer_cancel (waiting);
  g_assert_true (lodge_file_transfer_get_done (waiting));
  g_assert_error (lodge_file_transfer_get_error (waiting), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (lodge_file_transfer_get_done (other));

  /* What is said of it later changes nothing. */
  lodge_file_transfer_cancel (waiting);
  lodge_display_session_close (fixture->session);
  g_assert_error (lodge_file_transfer_get_error (waiting), G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* The other one went with the connection. */
  g_assert_true (lodge_file_transfer_get_done (other));
  g_assert_error (lodge_file_transfer_get_error (other), LODGE_SESSION_ERROR,
                  LODGE_SESSION_ERROR_ENDED);
}

/* Nothing else passes on the connection then: the word must not wait for it. */
static void
test_cancelled_is_told (Fixture       *fixture,
                        gconstpointer  data)
{
  test_await_that (can_send (fixture));

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("long %u", i);
      g_autoptr(LodgeFileTransfer) transfer = send (fixture, name, 4000000, NULL);
      g_autofree char *line = test_spice_server_expect (fixture->server, "file ");
      g_autofree char *told = NULL;
      g_autofree char *expected = NULL;
      guint id;

      g_assert_cmpint (sscanf (line, "file %u", &id), ==, 1);
      test_await_that (lodge_file_transfer_get_fraction (transfer) > 0.02 * i);
      lodge_file_transfer_cancel (transfer);
      told = test_spice_server_expect (fixture->server, "file-status ");
      expected = g_strdup_printf ("file-status %u %u", id, VD_AGENT_FILE_XFER_STATUS_CANCELLED);
      g_assert_cmpstr (told, ==, expected);
    }
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(LodgeFileTransfer) transfer = NULL;

  /* No agent, or one that was told not to. */
  if (data != NULL)
    {
      g_free (test_spice_server_expect (fixture->server, "caps"));
      test_run_for (100);
      g_assert_true (lodge_display_session_get_agent_connected (fixture->session));
    }

  g_assert_false (can_send (fixture));
  transfer = send (fixture, "refused", 1000, NULL);
  g_assert_true (lodge_file_transfer_get_done (transfer));
  g_assert_error (lodge_file_transfer_get_error (transfer), LODGE_SESSION_ERROR,
                  LODGE_SESSION_ERROR_FAILED);
}

static void
test_not_readable (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);
  g_autoptr(GFile) missing = g_file_new_for_path ("/nowhere/at/all");
  g_autoptr(GFile) folder = g_file_new_for_path (fixture->folder);

  test_await_that (can_send (fixture));
  g_list_store_append (files, missing);
  g_list_store_append (files, folder);
  lodge_display_session_send_files (fixture->session, G_LIST_MODEL (files));
  g_assert_cmpuint (g_list_model_get_n_items (fixture->transfers), ==, 2);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(LodgeFileTransfer) transfer = g_list_model_get_item (fixture->transfers, i);
      const int codes[] = { G_IO_ERROR_NOT_FOUND, G_IO_ERROR_IS_DIRECTORY };

      test_await_that (lodge_file_transfer_get_done (transfer));
      g_assert_error (lodge_file_transfer_get_error (transfer), G_IO_ERROR, codes[i]);
      g_assert_cmpfloat (lodge_file_transfer_get_fraction (transfer), <, 1.0);
    }
}

static void
test_agent_goes (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(LodgeFileTransfer) transfer = NULL;

  test_await_that (can_send (fixture));
  transfer = send (fixture, "half", 100000, NULL);
  g_free (test_spice_server_expect (fixture->server, "file "));
  test_spice_server_do (fixture->server, "no-agent");
  test_await_that (lodge_file_transfer_get_done (transfer));
  g_assert_nonnull (lodge_file_transfer_get_error (transfer));
  g_assert_false (can_send (fixture));
}

static void
test_only_the_last (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(LodgeFileTransfer) first = NULL;
  g_autoptr(LodgeFileTransfer) last = NULL;

  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      g_object_unref (send (fixture, name, 1, NULL));
    }

  g_assert_cmpuint (g_list_model_get_n_items (fixture->transfers), ==, 20);
  first = g_list_model_get_item (fixture->transfers, 0);
  last = g_list_model_get_item (fixture->transfers, 19);
  g_assert_cmpstr (lodge_file_transfer_get_name (first), ==, "10");
  g_assert_cmpstr (lodge_file_transfer_get_name (last), ==, "29");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  if (!test_spice_server_is_there ())
    return 0;

#define ADD(path, options, function) \
  g_test_add ("/display/file-transfer/" path, Fixture, options, fixture_set_up, function, \
              fixture_tear_down)
  ADD ("one", "", test_one);
  ADD ("several", "", test_several);
  ADD ("cancelled", "mute-files", test_cancelled);
  ADD ("cancelled-is-told", "", test_cancelled_is_told);
  ADD ("refused/no-agent", NULL, test_refused);
  ADD ("refused/disabled", "disabled-files", test_refused);
  ADD ("not-readable", "", test_not_readable);
  ADD ("agent-goes", "mute-files", test_agent_goes);
  ADD ("only-the-last", NULL, test_only_the_last);
#undef ADD

  return g_test_run ();
}
