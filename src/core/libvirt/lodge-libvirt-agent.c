/* lodge-libvirt-agent.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libvirt/libvirt-qemu.h>
#include <stdlib.h>
#include <string.h>

#include "lodge-libvirt-resources-private.h"

/*
 * The QEMU guest agent: cores and memory that the guest's kernel uses.
 *
 * Kernels of Debian and its kin leave cores and memory that are plugged in
 * while they run switched off. Libvirt switches cores; for memory the agent's
 * own commands are needed (qemu-ga-ref.html: guest-get-memory-blocks,
 * guest-set-memory-blocks, guest-exec).
 *
 * An agent that hangs would be waited for without end (libvirt 9.0), so every
 * way in here sets a time first.
 */

#define ANSWER_SECONDS 5

/* How often to look whether what the agent runs has ended, and how long. */
#define LOOK_MILLISECONDS 50
#define LOOKS             100

/* Movable memory can be given back. The first line is for what comes later. */
#define USE_MEMORY \
  "cd /sys/devices/system/memory && echo online_movable > auto_online_blocks; " \
  "for each in memory*; do read state < $each/state; " \
  "[ \\\"$state\\\" = offline ] && echo online_movable > $each/state; done; true"

static void
limit_patience (virDomainPtr domain)
{
  virDomainAgentSetResponseTimeout (domain, ANSWER_SECONDS, 0);
}

/* Returns the agent's answer as JSON, which libvirt writes without white space. */
static char *
ask (virDomainPtr   domain,
     const char    *command,
     GError       **error)
{
  char *answer = virDomainQemuAgentCommand (domain, command, ANSWER_SECONDS, 0);
  char *copy;

  if (answer == NULL)
    {
      lodge_libvirt_fail (error);
      return NULL;
    }

  copy = g_strdup (answer);
  free (answer);

  return copy;
}

/* The number after @key, which is the whole of "name": in the answer. */
static gboolean
find_number (const char *answer,
             const char *key,
             guint64    *number)
{
  const char *at = strstr (answer, key);

  if (at == NULL)
    return FALSE;

  *number = g_ascii_strtoull (at + strlen (key), NULL, 10);

  return TRUE;
}

/* How many are in a set like "0,2-3". */
static guint
count_set (const char *text)
{
  g_auto(GStrv) ranges = g_strsplit (text, ",", -1);
  guint n = 0;

  for (guint i = 0; ranges[i] != NULL; i++)
    {
      const char *dash = strchr (ranges[i], '-');
      gint64 first = g_ascii_strtoll (ranges[i], NULL, 10);

      if (*ranges[i] != '\0')
        n += dash != NULL ? g_ascii_strtoll (dash + 1, NULL, 10) - first + 1 : 1;
    }

  return n;
}

static guint
count_vcpus (virDomainPtr   domain,
             GError       **error)
{
  virTypedParameterPtr params = NULL;
  const char *online = NULL;
  unsigned int n_params = 0;
  guint n = 0;

  if (virDomainGetGuestVcpus (domain, &params, &n_params, 0) < 0)
    {
      lodge_libvirt_fail (error);
      return 0;
    }

  if (virTypedParamsGetString (params, n_params, "online", &online) == 1)
    n = count_set (online);

  virTypedParamsFree (params, n_params);

  return n;
}

static guint64
count_offline_memory (virDomainPtr   domain,
                      GError       **error)
{
  g_autofree char *info = NULL, *blocks = NULL;
  guint64 size, n = 0;

  if ((info = ask (domain, "{\"execute\":\"guest-get-memory-block-info\"}", error)) == NULL ||
      (blocks = ask (domain, "{\"execute\":\"guest-get-memory-blocks\"}", error)) == NULL ||
      !find_number (info, "\"size\":", &size))
    return LODGE_NOT_KNOWN;

  for (const char *at = strstr (blocks, "\"online\":false"); at != NULL;
       at = strstr (at + 1, "\"online\":false"))
    n++;

  return n * size / 1024;
}

/* Asks what the guest uses of what it has been given. */
void
lodge_libvirt_ask_guest (virDomainPtr     domain,
                         LodgeGuestFacts *facts)
{
  g_autoptr(GError) error = NULL;

  limit_patience (domain);
  facts->offline = LODGE_NOT_KNOWN;
  facts->vcpus = count_vcpus (domain, &error);
  facts->hangs = g_error_matches (error, LODGE_ERROR, LODGE_ERROR_TIMED_OUT);

  if (!facts->hangs)
    facts->offline = count_offline_memory (domain, NULL);
}

static gboolean
may_pass (const GError *error)
{
  return g_error_matches (error, LODGE_ERROR, LODGE_ERROR_FAILED) ||
         g_error_matches (error, LODGE_ERROR, LODGE_ERROR_INVALID);
}

/* Has the guest use @n of its cores. Those @fresh from the plug take a moment to be seen in there;
 * until then libvirt refuses.
 */
gboolean
lodge_libvirt_use_vcpus (virDomainPtr   domain,
                         guint          n,
                         gboolean       fresh,
                         GError       **error)
{
  limit_patience (domain);

  for (guint i = 0; i < LOOKS; i++)
    {
      g_autoptr(GError) failure = NULL;

      if (lodge_libvirt_succeed (virDomainSetVcpusFlags (domain, n, (VIR_DOMAIN_AFFECT_LIVE |
                                                                     VIR_DOMAIN_VCPU_GUEST)),
                                 &failure))
        return TRUE;

      if (i + 1 == LOOKS || !fresh || !may_pass (failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }

      g_usleep (LOOK_MILLISECONDS * 1000);
    }

  return FALSE;
}

/* Runs USE_MEMORY in the guest and waits for its end. */
static gboolean
run_in_guest (virDomainPtr domain)
{
  g_autofree char *answer = NULL, *question = NULL;
  guint64 pid;

  answer = ask (domain, "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/sh\","
                        "\"arg\":[\"-c\",\"" USE_MEMORY "\"]}}", NULL);
  if (answer == NULL || !find_number (answer, "\"pid\":", &pid))
    return FALSE;

  question = g_strdup_printf ("{\"execute\":\"guest-exec-status\","
                              "\"arguments\":{\"pid\":%" G_GUINT64_FORMAT "}}", pid);

  for (guint i = 0; i < LOOKS; i++)
    {
      g_autofree char *status = ask (domain, question, NULL);
      guint64 code;

      if (status == NULL)
        return FALSE;
      if (strstr (status, "\"exited\":true") != NULL)
        return find_number (status, "\"exitcode\":", &code) && code == 0;

      g_usleep (LOOK_MILLISECONDS * 1000);
    }

  return FALSE;
}

/* The command that switches on all blocks that are off in @blocks, or NULL if there are none. */
static char *
build_block_command (const char *blocks)
{
  g_autoptr(GString) command = NULL;
  g_auto(GStrv) each = g_strsplit (blocks, "}", -1);
  gboolean found = FALSE;

  command = g_string_new ("{\"execute\":\"guest-set-memory-blocks\",\"arguments\":{\"mem-blks\":[");

  for (guint i = 0; each[i] != NULL; i++)
    {
      guint64 index;

      if (strstr (each[i], "\"online\":false") == NULL ||
          !find_number (each[i], "\"phys-index\":", &index))
        continue;

      g_string_append_printf (command, "%s{\"phys-index\":%" G_GUINT64_FORMAT ",\"online\":true}",
                              found ? "," : "", index);
      found = TRUE;
    }

  g_string_append (command, "]}}");

  return found ? g_string_free (g_steal_pointer (&command), FALSE) : NULL;
}

/* Has the guest use all of its memory. Where its agent may not run programs, it may still switch
 * blocks, but then the kernel decides what for.
 */
gboolean
lodge_libvirt_use_memory (virDomainPtr   domain,
                          GError       **error)
{
  g_autofree char *blocks = NULL, *command = NULL, *answer = NULL;

  limit_patience (domain);
  if (run_in_guest (domain))
    return TRUE;

  if ((blocks = ask (domain, "{\"execute\":\"guest-get-memory-blocks\"}", error)) == NULL)
    return FALSE;

  if ((command = build_block_command (blocks)) == NULL)
    return TRUE;

  answer = ask (domain, command, error);

  return answer != NULL;
}
