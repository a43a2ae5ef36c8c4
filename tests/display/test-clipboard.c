/* test-clipboard.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <spice/vd_agent.h>

#include "lodge-clipboard-types.h"
#include "lodge-display-session-private.h"
#include "spice-server/patterns.h"
#include "test-await.h"
#include "test-spice-server.h"

/* Another program's view of the clipboards (a second connection to the display), and the guest's. */

#define TEXT VD_AGENT_CLIPBOARD_UTF8_TEXT
#define PNG VD_AGENT_CLIPBOARD_IMAGE_PNG

typedef struct
{
  TestSpiceServer     *server;
  LodgeDisplaySession *session;
  GdkDisplay          *other;
  GdkClipboard        *clipboard;
  GdkClipboard        *primary;
} Fixture;

static gboolean
can_share (Fixture *fixture)
{
  gboolean can;

  g_object_get (fixture->session, "can-share-clipboard", &can, NULL);

  return can;
}

/* Another program, which goes on running: GDK 4.18 asks a clipboard for its TARGETS by itself, and
 * frees an error that is not there (g_error_free) where the answer is a display that is closed.
 */
static GdkDisplay *
get_other_display (void)
{
  static GdkDisplay *display;

  if (display == NULL)
    display = gdk_display_open (NULL);

  return display;
}

/* All that was asked over X11 is answered, and both sides have seen it. */
static gboolean
is_quiet (Fixture *fixture)
{
  gdk_display_sync (gdk_display_get_default ());
  gdk_display_sync (fixture->other);

  return !g_main_context_pending (NULL);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  test_allow_library_messages ();

  fixture->other = get_other_display ();
  fixture->clipboard = gdk_display_get_clipboard (fixture->other);
  fixture->primary = gdk_display_get_primary_clipboard (fixture->other);
  gdk_clipboard_set_content (fixture->clipboard, NULL);
  gdk_clipboard_set_content (fixture->primary, NULL);

  fixture->server = test_spice_server_new (NULL, NULL);
  test_spice_server_do (fixture->server, "agent %s", (const char *)data);
  fixture->session = lodge_display_session_new ();
  lodge_display_session_set_gdk_display (fixture->session, gdk_display_get_default ());
  test_spice_server_open (fixture->server, fixture->session);
  test_await_that (can_share (fixture));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  GdkClipboard *ours = gdk_display_get_clipboard (gdk_display_get_default ());

  g_assert_finalize_object (fixture->session);
  g_assert_finalize_object (fixture->server);
  g_assert_null (gdk_clipboard_get_content (ours));
  gdk_clipboard_set_content (fixture->clipboard, NULL);
  gdk_clipboard_set_content (fixture->primary, NULL);
  test_await_that (is_quiet (fixture));
}

/* All that @clipboard has of @mime_type, as another program pastes it. */
static GBytes *
paste (GdkClipboard  *clipboard,
       GAsyncResult **opened,
       GError       **error)
{
  g_autoptr(GInputStream) input = NULL;
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(GAsyncResult) result = NULL;

  input = gdk_clipboard_read_finish (clipboard, test_await (opened), NULL, error);
  if (input == NULL)
    return NULL;

  g_output_stream_splice_async (output, input,
                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE |
                                G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, NULL, test_await_cb, &result);
  if (g_output_stream_splice_finish (output, test_await (&result), error) < 0)
    return NULL;

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
}

static void
start_paste (GdkClipboard  *clipboard,
             const char    *mime_type,
             GAsyncResult **opened)
{
  const char *mime_types[] = { mime_type, NULL };

  gdk_clipboard_read_async (clipboard, mime_types, G_PRIORITY_DEFAULT, NULL, test_await_cb, opened);
}

/* Something of another program, that is: of ours. */
static gboolean
offers (GdkClipboard *clipboard,
        const char   *mime_type)
{
  return !gdk_clipboard_is_local (clipboard) &&
         gdk_content_formats_contain_mime_type (gdk_clipboard_get_formats (clipboard), mime_type);
}

static void
expect_data (Fixture    *fixture,
             guint       selection,
             guint       type,
             const char *data,
             gsize       size)
{
  g_autofree char *expected = g_strdup_printf ("data %u %u %" G_GSIZE_FORMAT " %08x", selection,
                                               type, size,
                                               checksum ((const guint8 *)data, size));
  g_autofree char *line = test_spice_server_expect (fixture->server, "data");

  g_assert_cmpstr (line, ==, expected);
}

static void
test_text_to_guest (Fixture       *fixture,
                    gconstpointer  data)
{
  const char *text = "Grüße\nvom Wirt";
  const char *second = "second";

  gdk_clipboard_set_text (fixture->clipboard, text);
  g_free (test_spice_server_expect (fixture->server, "grab 0 1"));
  test_spice_server_do (fixture->server, "selection-request 0 1");
  expect_data (fixture, 0, TEXT, text, strlen (text));

  gdk_clipboard_set_text (fixture->clipboard, second);
  g_free (test_spice_server_expect (fixture->server, "grab 0 1"));
  test_spice_server_do (fixture->server, "selection-request 0 1");
  expect_data (fixture, 0, TEXT, second, strlen (second));

  /* What is not there gets an answer, too. */
  test_spice_server_do (fixture->server, "selection-request 0 2");
  expect_data (fixture, 0, VD_AGENT_CLIPBOARD_NONE, "", 0);

  gdk_clipboard_set_content (fixture->clipboard, NULL);
  g_free (test_spice_server_expect (fixture->server, "release 0"));
}

static void
test_lines (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GBytes) bytes = NULL;

  gdk_clipboard_set_text (fixture->clipboard, "a\nb\r\nc\n");
  g_free (test_spice_server_expect (fixture->server, "grab 0 1"));
  test_spice_server_do (fixture->server, "selection-request 0 1");
  expect_data (fixture, 0, TEXT, "a\r\nb\r\nc\r\n", 9);

  test_spice_server_do (fixture->server, "grab 0 1");
  test_await_that (offers (fixture->clipboard, "text/plain;charset=utf-8"));
  start_paste (fixture->clipboard, "text/plain;charset=utf-8", &opened);
  g_free (test_spice_server_expect (fixture->server, "request 0 1"));
  /* x CR LF y CR z CR LF */
  test_spice_server_do (fixture->server, "data 0 1 hex 780d0a790d7a0d0a");
  bytes = paste (fixture->clipboard, &opened, NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "x\ny\rz\n", 6);
}

static void
test_image_to_guest (Fixture       *fixture,
                     gconstpointer  data)
{
  guint32 pixels[] = { 0xff102030, 0xff405060, 0xff708090, 0xffa0b0c0 };
  g_autoptr(GBytes) bytes = g_bytes_new_static (pixels, sizeof pixels);
  g_autoptr(GdkTexture) texture = gdk_memory_texture_new (2, 2, GDK_MEMORY_DEFAULT, bytes, 8);
  g_autofree char *line = NULL;
  guint size;

  gdk_clipboard_set_texture (fixture->clipboard, texture);
  g_free (test_spice_server_expect (fixture->server, "grab 0 2"));

  test_spice_server_do (fixture->server, "selection-request 0 2");
  line = test_spice_server_expect (fixture->server, "data");
  g_assert_cmpint (sscanf (line, "data 0 2 %u", &size), ==, 1);
  g_assert_cmpuint (size, >, 60);
}

static void
test_from_guest (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) opened_image = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) image = NULL;

  test_spice_server_do (fixture->server, "grab 0 1 2");
  test_await_that (offers (fixture->clipboard, "text/plain;charset=utf-8") &&
                   offers (fixture->clipboard, "image/png"));
  g_assert_false (offers (fixture->clipboard, "image/tiff"));

  /* Nothing crosses before somebody pastes. */
  test_run_for (100);
  g_assert_false (test_spice_server_has_said (fixture->server, "request"));

  start_paste (fixture->clipboard, "text/plain;charset=utf-8", &opened);
  g_free (test_spice_server_expect (fixture->server, "request 0 1"));

  /* One at a time: the second waits for the first. */
  start_paste (fixture->clipboard, "image/png", &opened_image);
  test_run_for (100);
  g_assert_false (test_spice_server_has_said (fixture->server, "request"));

  test_spice_server_do (fixture->server, "data 0 1 hex 4772c3bcc39f6500");
  bytes = paste (fixture->clipboard, &opened, NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "Grüße", 7);

  g_free (test_spice_server_expect (fixture->server, "request 0 2"));
  test_spice_server_do (fixture->server, "data 0 2 hex 89504e47");
  image = paste (fixture->clipboard, &opened_image, NULL);
  g_assert_cmpmem (g_bytes_get_data (image, NULL), g_bytes_get_size (image), "\x89PNG", 4);

  /* What the guest put there is not offered to it. */
  g_assert_false (test_spice_server_has_said (fixture->server, "grab"));
}

static void
test_invalid_text (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GBytes) bytes = NULL;

  test_spice_server_do (fixture->server, "grab 0 1");
  test_await_that (offers (fixture->clipboard, "text/plain;charset=utf-8"));
  start_paste (fixture->clipboard, "text/plain;charset=utf-8", &opened);
  g_free (test_spice_server_expect (fixture->server, "request 0 1"));

  /* A lone byte, an overlong slash, half a character, NUL in the middle. */
  test_spice_server_do (fixture->server, "data 0 1 hex 61ff62c0af630064e282");
  bytes = paste (fixture->clipboard, &opened, NULL);
  g_assert_true (g_utf8_validate_len (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                      NULL));
  g_assert_cmpint (((const char *)g_bytes_get_data (bytes, NULL))[0], ==, 'a');
}

typedef struct
{
  gint64 last;
  gint64 longest;
} Pulse;

static gboolean
pulse_cb (gpointer data)
{
  Pulse *pulse = data;
  gint64 now = g_get_monotonic_time ();

  pulse->longest = MAX (pulse->longest, now - pulse->last);
  pulse->last = now;

  return G_SOURCE_CONTINUE;
}

static void
test_huge (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) opened_again = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  Pulse pulse = { g_get_monotonic_time (), 0 };
  const gsize size = 20 * 1024 * 1024;
  guint source;

  test_spice_server_do (fixture->server, "grab 0 1");
  test_await_that (offers (fixture->clipboard, "text/plain;charset=utf-8"));

  /* 100 MB: refused, and this side goes on meanwhile. */
  source = g_timeout_add (10, pulse_cb, &pulse);
  start_paste (fixture->clipboard, "text/plain;charset=utf-8", &opened);
  g_free (test_spice_server_expect (fixture->server, "request 0 1"));
  test_spice_server_do (fixture->server, "data 0 1 fill 104857600");
  bytes = paste (fixture->clipboard, &opened, &error);
  g_assert_true (bytes == NULL || g_bytes_get_size (bytes) == 0);
  g_source_remove (source);
  g_test_message ("longest pause %" G_GINT64_FORMAT " ms", pulse.longest / 1000);
  g_assert_cmpint (pulse.longest, <, 5 * G_USEC_PER_SEC);
  g_clear_pointer (&bytes, g_bytes_unref);

  /* 20 MB: all of it. */
  start_paste (fixture->clipboard, "text/plain;charset=utf-8", &opened_again);
  g_free (test_spice_server_expect (fixture->server, "request 0 1"));
  test_spice_server_do (fixture->server, "data 0 1 fill %" G_GSIZE_FORMAT, size);
  bytes = paste (fixture->clipboard, &opened_again, NULL);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, size);
  for (gsize i = 0; i < size; i += 4099)
    g_assert_cmpint (((const guint8 *)g_bytes_get_data (bytes, NULL))[i], ==, filling (i));
  g_assert_cmpint (lodge_display_session_get_state (fixture->session), ==,
                   LODGE_SESSION_STATE_CONNECTED);
}

static void
test_huge_to_guest (Fixture       *fixture,
                    gconstpointer  data)
{
  /* From this program: GTK 4.8 cannot offer so much to another over X11. */
  GdkClipboard *ours = gdk_display_get_clipboard (gdk_display_get_default ());
  const gsize size = 70 * 1024 * 1024;
  g_autofree char *text = g_malloc (size + 1);

  memset (text, 'x', size);
  text[size] = '\0';
  gdk_clipboard_set_text (ours, text);
  g_free (test_spice_server_expect (fixture->server, "grab 0 1"));
  test_spice_server_do (fixture->server, "selection-request 0 1");
  expect_data (fixture, 0, VD_AGENT_CLIPBOARD_NONE, "", 0);

  text[8 * 1024 * 1024] = '\0';
  gdk_clipboard_set_text (ours, text);
  g_free (test_spice_server_expect (fixture->server, "grab 0 1"));
  test_spice_server_do (fixture->server, "selection-request 0 1");
  expect_data (fixture, 0, TEXT, text, 8 * 1024 * 1024);
  gdk_clipboard_set_content (ours, NULL);
}

static void
test_primary (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GBytes) bytes = NULL;

  gdk_clipboard_set_text (fixture->primary, "chosen");
  g_free (test_spice_server_expect (fixture->server, "grab 1 1"));
  test_spice_server_do (fixture->server, "selection-request 1 1");
  expect_data (fixture, 1, TEXT, "chosen", 6);

  test_spice_server_do (fixture->server, "grab 1 1");
  test_await_that (offers (fixture->primary, "text/plain;charset=utf-8"));
  start_paste (fixture->primary, "text/plain;charset=utf-8", &opened);
  g_free (test_spice_server_expect (fixture->server, "request 1 1"));
  test_spice_server_do (fixture->server, "data 1 1 hex 6f6b");
  bytes = paste (fixture->primary, &opened, NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "ok", 2);
}

static void
test_release (Fixture       *fixture,
              gconstpointer  data)
{
  GdkClipboard *ours = gdk_display_get_clipboard (gdk_display_get_default ());

  test_spice_server_do (fixture->server, "grab 0 1");
  test_await_that (offers (fixture->clipboard, "text/plain;charset=utf-8"));

  /* Followed by another grab it is a habit of agents and means nothing. */
  test_spice_server_do (fixture->server, "selection-release 0");
  test_spice_server_do (fixture->server, "grab 0 2");
  test_await_that (offers (fixture->clipboard, "image/png"));
  test_run_for (700);
  g_assert_nonnull (gdk_clipboard_get_content (ours));

  test_spice_server_do (fixture->server, "selection-release 0");
  test_await_that (gdk_clipboard_get_content (ours) == NULL);
  test_await_that (!offers (fixture->clipboard, "image/png"));
}

static void
test_not_shared (Fixture       *fixture,
                 gconstpointer  data)
{
  GdkClipboard *ours = gdk_display_get_clipboard (gdk_display_get_default ());

  test_spice_server_do (fixture->server, "grab 0 1");
  test_await_that (gdk_clipboard_get_content (ours) != NULL);
  gdk_clipboard_set_text (fixture->primary, "secret");
  g_free (test_spice_server_expect (fixture->server, "grab 1 1"));

  /* What has crossed goes, and nothing more comes. */
  g_object_set (fixture->session, "share-clipboard", FALSE, NULL);
  g_assert_null (gdk_clipboard_get_content (ours));
  g_free (test_spice_server_expect (fixture->server, "release 1"));

  test_spice_server_do (fixture->server, "grab 0 1");
  test_spice_server_do (fixture->server, "selection-request 1 1");
  expect_data (fixture, 1, VD_AGENT_CLIPBOARD_NONE, "", 0);
  gdk_clipboard_set_text (fixture->clipboard, "another secret");
  test_run_for (200);
  g_assert_false (test_spice_server_has_said (fixture->server, "grab"));
  g_assert_null (gdk_clipboard_get_content (ours));

  /* And again: what is there now. */
  g_object_set (fixture->session, "share-clipboard", TRUE, NULL);
  g_free (test_spice_server_expect (fixture->server, "grab 0 1"));
}

static void
test_silent_guest (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) opened_again = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) none = NULL;

  lodge_clipboard_set_timeout (fixture->session->clipboard, 200);
  test_spice_server_do (fixture->server, "grab 0 1 2");
  test_await_that (offers (fixture->clipboard, "image/png"));

  start_paste (fixture->clipboard, "text/plain;charset=utf-8", &opened);
  none = paste (fixture->clipboard, &opened, NULL);
  g_assert_true (none == NULL || g_bytes_get_size (none) == 0);
  g_free (test_spice_server_expect (fixture->server, "request 0 1"));

  /* The late answer is not taken for that to the next question. */
  lodge_clipboard_set_timeout (fixture->session->clipboard, 20000);
  start_paste (fixture->clipboard, "image/png", &opened_again);
  g_free (test_spice_server_expect (fixture->server, "request 0 2"));
  test_spice_server_do (fixture->server, "data 0 1 hex 6c617465");
  test_spice_server_do (fixture->server, "data 0 2 hex 706e67");
  bytes = paste (fixture->clipboard, &opened_again, NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "png", 3);
}

static void
test_agent_goes (Fixture       *fixture,
                 gconstpointer  data)
{
  GdkClipboard *ours = gdk_display_get_clipboard (gdk_display_get_default ());
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) opened_again = NULL;
  g_autoptr(GBytes) none = NULL;
  g_autoptr(GBytes) none_again = NULL;

  test_spice_server_do (fixture->server, "grab 0 1");
  test_await_that (offers (fixture->clipboard, "text/plain;charset=utf-8"));
  start_paste (fixture->clipboard, "text/plain;charset=utf-8", &opened);
  g_free (test_spice_server_expect (fixture->server, "request 0 1"));

  /* In the middle of a paste. */
  test_spice_server_do (fixture->server, "no-agent");
  none = paste (fixture->clipboard, &opened, NULL);
  g_assert_true (none == NULL || g_bytes_get_size (none) == 0);
  test_await_that (!can_share (fixture));
  g_assert_null (gdk_clipboard_get_content (ours));

  /* It comes back, with the guest's next boot. */
  gdk_clipboard_set_text (fixture->clipboard, "waiting");
  test_spice_server_do (fixture->server, "agent");
  g_free (test_spice_server_expect (fixture->server, "grab 0 1"));

  /* And the server goes in the middle of one. */
  test_spice_server_do (fixture->server, "grab 0 1");
  test_await_that (gdk_clipboard_get_content (ours) != NULL);
  test_await_that (offers (fixture->clipboard, "text/plain;charset=utf-8"));
  start_paste (fixture->clipboard, "text/plain;charset=utf-8", &opened_again);
  g_free (test_spice_server_expect (fixture->server, "request 0 1"));
  test_spice_server_kill (fixture->server);
  none_again = paste (fixture->clipboard, &opened_again, NULL);
  g_assert_true (none_again == NULL || g_bytes_get_size (none_again) == 0);
  test_await_that (lodge_display_session_get_state (fixture->session) == LODGE_SESSION_STATE_LOST);
  g_assert_null (gdk_clipboard_get_content (ours));
}

static void
test_odd_grabs (Fixture       *fixture,
                gconstpointer  data)
{
  GString *many = g_string_new ("grab 0");

  /* No types, unknown ones, more than there can be, a selection that does not exist. */
  test_spice_server_do (fixture->server, "grab 0");
  test_spice_server_do (fixture->server, "grab 0 77 78");
  test_spice_server_do (fixture->server, "grab 7 1");
  for (guint i = 0; i < 400; i++)
    g_string_append_printf (many, " %u", i % 9);
  test_spice_server_do (fixture->server, "%s", many->str);
  g_string_free (many, TRUE);
  test_spice_server_do (fixture->server, "selection-release 7");
  test_spice_server_do (fixture->server, "selection-request 7 1");
  test_spice_server_do (fixture->server, "data 0 1 hex 61");
  test_spice_server_do (fixture->server, "data 7 1 hex 61");

  test_await_that (offers (fixture->clipboard, "image/jpeg"));
  g_assert_cmpint (lodge_display_session_get_state (fixture->session), ==,
                   LODGE_SESSION_STATE_CONNECTED);
}

static void
test_text_conversion (void)
{
  const struct
  {
    const char *guest;
    const char *host;
    gboolean    crlf;
  } cases[] = {
    { "", "", FALSE },
    { "plain", "plain", TRUE },
    { "a\r\nb", "a\r\nb", FALSE },
    { "a\r\nb", "a\nb", TRUE },
    { "\r\n\r\n", "\n\n", TRUE },
    { "\r", "\r", TRUE },
    { "a\nb", "a\nb", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) guest = g_bytes_new_static (cases[i].guest, strlen (cases[i].guest));
      g_autoptr(GBytes) host = lodge_clipboard_text_from_guest (guest, cases[i].crlf);

      g_assert_cmpmem (g_bytes_get_data (host, NULL), g_bytes_get_size (host), cases[i].host,
                       strlen (cases[i].host));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  if (!test_spice_server_is_there ())
    return 0;

  gtk_init ();

#define ADD(path, options, function) \
  g_test_add ("/display/clipboard/" path, Fixture, options, fixture_set_up, function, \
              fixture_tear_down)
  g_test_add_func ("/display/clipboard/text-conversion", test_text_conversion);
  ADD ("text-to-guest", "", test_text_to_guest);
  ADD ("lines", "crlf", test_lines);
  ADD ("image-to-guest", "", test_image_to_guest);
  ADD ("from-guest", "", test_from_guest);
  ADD ("invalid-text", "", test_invalid_text);
  ADD ("huge", "", test_huge);
  ADD ("huge-to-guest", "", test_huge_to_guest);
  ADD ("primary", "", test_primary);
  ADD ("release", "", test_release);
  ADD ("not-shared", "", test_not_shared);
  ADD ("silent-guest", "", test_silent_guest);
  ADD ("agent-goes", "", test_agent_goes);
  ADD ("odd-grabs", "", test_odd_grabs);
#undef ADD

  return g_test_run ();
}
