/* frames.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * frames DEVICE COUNT: takes COUNT pictures from a camera (160×120, YUYV) and prints, for each, the
 * number that the laboratory's camera has written into it: its first four bytes of brightness, most
 * significant first. Ends with status 0 if all came within a minute.
 */

#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define BUFFERS 4

static int
fail (const char *what)
{
  perror (what);

  return 1;
}

static int
start (int             fd,
       unsigned char **maps)
{
  struct v4l2_format format = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
  struct v4l2_requestbuffers request = { .count = BUFFERS,
                                         .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                                         .memory = V4L2_MEMORY_MMAP };
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

  format.fmt.pix.width = 160;
  format.fmt.pix.height = 120;
  format.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
  if (ioctl (fd, VIDIOC_S_FMT, &format) < 0 || ioctl (fd, VIDIOC_REQBUFS, &request) < 0)
    return fail ("format");

  for (unsigned int i = 0; i < request.count && i < BUFFERS; i++)
    {
      struct v4l2_buffer buffer = { .index = i,
                                    .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                                    .memory = V4L2_MEMORY_MMAP };

      if (ioctl (fd, VIDIOC_QUERYBUF, &buffer) < 0)
        return fail ("buffer");
      maps[i] = mmap (NULL, buffer.length, PROT_READ, MAP_SHARED, fd, buffer.m.offset);
      if (maps[i] == MAP_FAILED || ioctl (fd, VIDIOC_QBUF, &buffer) < 0)
        return fail ("queue");
    }

  return ioctl (fd, VIDIOC_STREAMON, &type) < 0 ? fail ("stream") : 0;
}

static int
take (int             fd,
      unsigned char **maps)
{
  struct v4l2_buffer buffer = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
                                .memory = V4L2_MEMORY_MMAP };
  struct pollfd ready = { .fd = fd, .events = POLLIN };
  const unsigned char *pixels;

  if (poll (&ready, 1, 60 * 1000) != 1)
    return fail ("no picture for a minute");
  if (ioctl (fd, VIDIOC_DQBUF, &buffer) < 0)
    return fail ("picture");

  pixels = maps[buffer.index];
  printf ("%u\n", (unsigned int)pixels[0] << 24 | pixels[2] << 16 | pixels[4] << 8 | pixels[6]);

  return ioctl (fd, VIDIOC_QBUF, &buffer) < 0 ? fail ("queue") : 0;
}

int
main (int    argc,
      char **argv)
{
  unsigned char *maps[BUFFERS];
  int fd = argc > 2 ? open (argv[1], O_RDWR) : -1;

  if (fd < 0)
    return fail ("open");
  if (start (fd, maps) != 0)
    return 1;

  for (int left = atoi (argv[2]); left > 0; left--)
    {
      if (take (fd, maps) != 0)
        return 1;
    }

  return 0;
}
