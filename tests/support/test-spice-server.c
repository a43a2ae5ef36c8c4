/* test-spice-server.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "test-spice-server.h"

struct _TestSpiceServer
{
  GObject           parent_instance;
  GSubprocess      *process;
  GDataInputStream *output;
  GOutputStream    *input;
  GCancellable     *cancellable;
  GPtrArray        *lines;
  guint             port;
  guint             tls_port;
};

G_DEFINE_FINAL_TYPE (TestSpiceServer, test_spice_server, G_TYPE_OBJECT)

static gboolean
is_known_message (const char *message)
{
  /* What spice-client-glib 0.42 says about servers that are as they should be. */
  const char *known[] = {
    /* The server starts its cursor anew with the first surface of a card that had none. */
    "*cursor_handle_init*init_done == FALSE*",
    /* A session that is closed, or a server that goes, while a channel is on its way. */
    "incomplete link header*",
    "*incomplete link reply*",
    "incomplete auth reply*",
    "Error sending data*",
    /* TLS that fails is reported by the channel, too. */
    "*SSL_connect*",
    "*openssl_verify*",
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_pattern_match_simple (known[i], message))
      return TRUE;

  return FALSE;
}

static gboolean
fatal_cb (const char     *domain,
          GLogLevelFlags  level,
          const char     *message,
          gpointer        data)
{
  return (g_strcmp0 (domain, "GSpice") != 0 && g_strcmp0 (domain, "Spice") != 0) ||
         !is_known_message (message);
}

static void
spice_log_cb (const char     *domain,
              GLogLevelFlags  level,
              const char     *message,
              gpointer        data)
{
  if (is_known_message (message))
    g_test_message ("%s: %s", domain, message);
  else
    g_log_default_handler (domain, level, message, data);
}

void
test_allow_library_messages (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    {
      const GLogLevelFlags levels = G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING |
                                    G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION;

      g_log_set_handler ("GSpice", levels, spice_log_cb, NULL);
      g_log_set_handler ("Spice", levels, spice_log_cb, NULL);
      g_once_init_leave (&once, 1);
    }

  /* GLib forgets this one after each test. */
  g_test_log_set_fatal_handler (fatal_cb, NULL);
}

static void
state_cb (LodgeDisplaySession *session)
{
  const GError *error = lodge_display_session_get_error (session);

  g_test_message ("state %d: %s", lodge_display_session_get_state (session),
                  error != NULL ? error->message : "no error");
}

void
test_tell_session (LodgeDisplaySession *session)
{
  g_signal_connect (session, "notify::state", G_CALLBACK (state_cb), NULL);
}

gboolean
test_tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
over_cb (gpointer data)
{
  *(gboolean *)data = TRUE;

  return G_SOURCE_REMOVE;
}

void
test_run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, over_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_spice_server_line_cb (GObject      *object,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  char *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (object), result, NULL,
                                                     &error);
  TestSpiceServer *self = user_data;

  /* Cancelled: the object is gone. */
  if (line == NULL)
    return;

  if (g_test_verbose ())
    g_test_message ("server: %s", line);

  g_ptr_array_add (self->lines, line);
  g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, self->cancellable,
                                       test_spice_server_line_cb, self);
}

static void
test_spice_server_dispose (GObject *object)
{
  TestSpiceServer *self = (TestSpiceServer *)object;

  g_cancellable_cancel (self->cancellable);

  /* The cancelled read must have come back before this goes. */
  if (self->output != NULL)
    test_await_that (!g_input_stream_has_pending (G_INPUT_STREAM (self->output)));

  if (self->process != NULL)
    {
      g_subprocess_force_exit (self->process);
      g_subprocess_wait (self->process, NULL, NULL);
    }

  g_clear_object (&self->process);
  g_clear_object (&self->output);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->lines, g_ptr_array_unref);

  G_OBJECT_CLASS (test_spice_server_parent_class)->dispose (object);
}

static void
test_spice_server_class_init (TestSpiceServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = test_spice_server_dispose;
}

static void
test_spice_server_init (TestSpiceServer *self)
{
  self->cancellable = g_cancellable_new ();
  self->lines = g_ptr_array_new_with_free_func (g_free);
}

gboolean
test_spice_server_is_there (void)
{
  if (g_getenv ("TEST_SPICE_SERVER") != NULL)
    return TRUE;

  g_print ("1..0 # SKIP libspice-server is missing\n");

  return FALSE;
}

TestSpiceServer *
test_spice_server_new (const char *option,
                       ...)
{
  const char *program = g_getenv ("TEST_SPICE_SERVER");
  g_autoptr(GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *line = NULL;
  TestSpiceServer *self;
  va_list options;

  if (program == NULL)
    return NULL;

  g_ptr_array_add (arguments, (gpointer)program);
  va_start (options, option);
  for (; option != NULL; option = va_arg (options, const char *))
    g_ptr_array_add (arguments, (gpointer)option);
  va_end (options);
  g_ptr_array_add (arguments, NULL);

  self = g_object_new (TEST_TYPE_SPICE_SERVER, NULL);
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                        G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                        (g_test_verbose () ? 0
                                                           : G_SUBPROCESS_FLAGS_STDERR_SILENCE));
  /* The library has warnings of its own about clients that hang up. */
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  self->process = g_subprocess_launcher_spawnv (launcher, (const char * const *)arguments->pdata,
                                                &error);
  g_assert_no_error (error);

  self->input = g_subprocess_get_stdin_pipe (self->process);
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, self->cancellable,
                                       test_spice_server_line_cb, self);

  line = test_spice_server_expect (self, "listening");
  g_assert_cmpint (sscanf (line, "listening %u %u", &self->port, &self->tls_port), ==, 2);

  return self;
}

guint16
test_spice_server_get_port (TestSpiceServer *self)
{
  return (guint16)self->port;
}

guint16
test_spice_server_get_tls_port (TestSpiceServer *self)
{
  return (guint16)self->tls_port;
}

static gboolean
test_spice_server_find (TestSpiceServer *self,
                        const char      *prefix,
                        guint           *position)
{
  for (guint i = 0; i < self->lines->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (self->lines, i), prefix))
      {
        *position = i;
        return TRUE;
      }

  return FALSE;
}

char *
test_spice_server_expect (TestSpiceServer *self,
                          const char      *prefix)
{
  guint position;
  char *line;

  test_await_that (test_spice_server_find (self, prefix, &position));

  line = g_strdup (g_ptr_array_index (self->lines, position));
  g_ptr_array_remove_range (self->lines, 0, position + 1);

  return line;
}

gboolean
test_spice_server_has_said (TestSpiceServer *self,
                            const char      *prefix)
{
  guint position;

  return test_spice_server_find (self, prefix, &position);
}

guint
test_spice_server_count_said (TestSpiceServer *self,
                              const char      *prefix)
{
  guint n = 0;

  for (guint i = 0; i < self->lines->len; i++)
    n += g_str_has_prefix (g_ptr_array_index (self->lines, i), prefix);

  return n;
}

/* Takes the first answer out and leaves what was written beside it. */
static char *
test_spice_server_take_answer (TestSpiceServer *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      const char *line = g_ptr_array_index (self->lines, i);

      if (g_str_equal (line, "ok") || g_str_has_prefix (line, "failed"))
        {
          char *answer = g_strdup (line);

          g_ptr_array_remove_index (self->lines, i);
          return answer;
        }
    }

  return NULL;
}

void
test_spice_server_do (TestSpiceServer *self,
                      const char      *format,
                      ...)
{
  g_autofree char *command = NULL;
  g_autofree char *line = NULL;
  g_autofree char *answer = NULL;
  g_autoptr(GError) error = NULL;
  va_list args;

  va_start (args, format);
  command = g_strdup_vprintf (format, args);
  va_end (args);
  line = g_strconcat (command, "\n", NULL);

  g_output_stream_write_all (self->input, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);

  /* One that died has no answer, and its identifier is gone. */
  test_await_that ((answer = test_spice_server_take_answer (self)) != NULL ||
                   g_subprocess_get_identifier (self->process) == NULL);
  if (answer == NULL)
    g_error ("%s: the server died", command);
  if (!g_str_equal (answer, "ok"))
    g_error ("%s: %s", command, answer);
}

void
test_spice_server_signal (TestSpiceServer *self,
                          int              signal_number)
{
  g_subprocess_send_signal (self->process, signal_number);
}

void
test_spice_server_kill (TestSpiceServer *self)
{
  g_autoptr(GError) error = NULL;

  test_spice_server_signal (self, SIGKILL);
  g_subprocess_wait (self->process, NULL, &error);
  g_assert_no_error (error);
}

void
test_spice_server_open (TestSpiceServer     *self,
                        LodgeDisplaySession *session)
{
  lodge_display_session_open_address (session, "127.0.0.1", (guint16)self->port, 0, NULL, NULL);
}
