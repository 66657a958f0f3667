#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/*
 * banned - makes a compile error of what nobody should call. The build includes this file before
 * every source file.
 *
 * The first group has no bounds, the second keeps state in statics (which do not survive a fiber's
 * suspension), the third blocks the whole loop, the fourth depends on the locale.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <ctype.h>
#include <netdb.h>
#include <poll.h>
#include <sys/select.h>
#include <arpa/inet.h>

#define BANNED(f) sorry_##f##_is_banned_see_base_banned_h

#undef strcpy
#define strcpy(a, b) BANNED(strcpy)
#undef strcat
#define strcat(a, b) BANNED(strcat)
#undef strncpy
#define strncpy(a, b, c) BANNED(strncpy)
#undef strncat
#define strncat(a, b, c) BANNED(strncat)
#undef sprintf
#define sprintf(...) BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef gets
#define gets(a) BANNED(gets)
#undef atoi
#define atoi(a) BANNED(atoi)
#undef atol
#define atol(a) BANNED(atol)

#undef strtok
#define strtok(a, b) BANNED(strtok)
#undef strerror
#define strerror(a) BANNED(strerror)
#undef gmtime
#define gmtime(a) BANNED(gmtime)
#undef localtime
#define localtime(a) BANNED(localtime)
#undef ctime
#define ctime(a) BANNED(ctime)
#undef asctime
#define asctime(a) BANNED(asctime)
#undef inet_ntoa
#define inet_ntoa(a) BANNED(inet_ntoa)
#undef gethostbyname
#define gethostbyname(a) BANNED(gethostbyname)

#undef getaddrinfo
#define getaddrinfo(a, b, c, d) BANNED(getaddrinfo)
#undef sleep
#define sleep(a) BANNED(sleep)
#undef usleep
#define usleep(a) BANNED(usleep)
#undef system
#define system(a) BANNED(system)
#undef popen
#define popen(a, b) BANNED(popen)

#undef isalpha
#define isalpha(a) BANNED(isalpha)
#undef isdigit
#define isdigit(a) BANNED(isdigit)
#undef isalnum
#define isalnum(a) BANNED(isalnum)
#undef isspace
#define isspace(a) BANNED(isspace)
#undef isprint
#define isprint(a) BANNED(isprint)
#undef toupper
#define toupper(a) BANNED(toupper)
#undef tolower
#define tolower(a) BANNED(tolower)

#endif
