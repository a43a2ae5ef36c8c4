/* test-spice-server.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "lodge-display-session.h"

G_BEGIN_DECLS

#define TEST_TYPE_SPICE_SERVER (test_spice_server_get_type ())

/* The program of spice-server/ as a process under a test's control. It dies with the object. */
G_DECLARE_FINAL_TYPE (TestSpiceServer, test_spice_server, TEST, SPICE_SERVER, GObject)

/* Says that all is skipped where the program was not built. */
gboolean         test_spice_server_is_there   (void);
/* Options as for the program, ended by NULL. NULL where the program was not built. */
TestSpiceServer *test_spice_server_new        (const char            *option,
                                               ...) G_GNUC_NULL_TERMINATED;
guint16          test_spice_server_get_port   (TestSpiceServer       *self);
guint16          test_spice_server_get_tls_port (TestSpiceServer     *self);
/* Sends a command and waits until it was carried out. */
void             test_spice_server_do         (TestSpiceServer       *self,
                                               const char            *format,
                                               ...) G_GNUC_PRINTF (2, 3);
/* Runs the main context until the server has written a line that starts with @prefix, and forgets
 * it and all lines before it. Fails the test after 60 seconds.
 */
char            *test_spice_server_expect     (TestSpiceServer       *self,
                                               const char            *prefix);
/* Whether such a line was written so far. */
gboolean         test_spice_server_has_said   (TestSpiceServer       *self,
                                               const char            *prefix);
guint            test_spice_server_count_said (TestSpiceServer       *self,
                                               const char            *prefix);
/* SIGKILL. */
void             test_spice_server_kill       (TestSpiceServer       *self);
void             test_spice_server_signal     (TestSpiceServer       *self,
                                               int                    signal_number);
/* Opens @session at its port. */
void             test_spice_server_open       (TestSpiceServer       *self,
                                               LodgeDisplaySession   *session);

/* Runs the main context until @condition holds; fails the test after 60 seconds. */
#define test_await_that(condition) \
  G_STMT_START { \
    g_autoptr(GTimer) await_timer_ = g_timer_new (); \
    guint await_tick_ = g_timeout_add (20, G_SOURCE_FUNC (test_tick_cb), NULL); \
    while (!(condition)) \
      { \
        if (g_timer_elapsed (await_timer_, NULL) > 60.0) \
          g_error ("%s:%d: waited in vain for %s", __FILE__, __LINE__, #condition); \
        g_main_context_iteration (NULL, TRUE); \
      } \
    g_source_remove (await_tick_); \
  } G_STMT_END

/* Call it in each set-up. Some of the library's messages are about itself, each for a reason that is
 * given there; all others stay fatal.
 */
void             test_allow_library_messages  (void);
/* Writes the states of @session, and why, into the test's log. */
void             test_tell_session            (LodgeDisplaySession   *session);
gboolean         test_tick_cb                 (gpointer               data);
/* Lets the main context run for a while, to see that something does not happen. */
void             test_run_for                 (guint                  ms);

G_END_DECLS
