/* test-host.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib/gstdio.h>

#include "lodge-host.h"
#include "lodge-machine.h"
#include "test-await.h"

G_BEGIN_DECLS

/* Hosts of tests. Without a daemon, libvirt's test driver makes one of a file. */

static inline void
test_open_host (LodgeHost *host)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  lodge_host_open_async (host, NULL, test_await_cb, &result);
  lodge_host_open_finish (host, test_await (&result), &error);
  g_assert_no_error (error);
}

/* The host of tests/data/hosts/@name, not open yet. */
static inline LodgeHost *
test_host_of_data (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "hosts", name, NULL);
  g_autofree char *uri = g_strconcat ("test://", path, NULL);

  return lodge_host_new_for_uri (uri);
}

/* A host that has what @xml says, open. @file: its file, to be removed when the host is not needed */
static inline LodgeHost *
test_host_of_xml (const char  *xml,
                  char       **file)
{
  g_autofree char *uri = NULL;
  LodgeHost *host;

  g_close (g_file_open_tmp ("lodge-host-XXXXXX.xml", file, NULL), NULL);
  g_assert_true (g_file_set_contents (*file, xml, -1, NULL));
  uri = g_strconcat ("test://", *file, NULL);
  host = lodge_host_new_for_uri (uri);
  test_open_host (host);

  return host;
}

/* Performs @action and returns the error, if any. */
static inline GError *
test_try (LodgeMachine *machine,
          LodgeAction   action)
{
  g_autoptr(GAsyncResult) result = NULL;
  GError *error = NULL;

  lodge_machine_perform_async (machine, action, NULL, test_await_cb, &result);
  lodge_machine_perform_finish (machine, test_await (&result), &error);

  return error;
}

static inline void
test_perform (LodgeMachine *machine,
              LodgeAction   action)
{
  g_autoptr(GError) error = test_try (machine, action);

  g_assert_no_error (error);
}

G_END_DECLS
