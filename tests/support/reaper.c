/* reaper.c COMMAND…: runs a command and takes in the processes that it leaves behind.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A daemon waits for its guests' processes to be gone, and the first process of a container may
 * take seconds to notice those that ended. Lives until the last of them has ended.
 */

#include <errno.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int
main (int   argc,
      char *argv[])
{
  if (argc < 2 || prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
    return 2;

  switch (fork ())
    {
    case -1:
      return 2;

    case 0:
      execvp (argv[1], argv + 1);
      _exit (127);

    default:
      while (wait (NULL) >= 0 || errno == EINTR)
        ;
      return 0;
    }
}
