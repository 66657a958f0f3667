#ifndef NET_DNS_PACKET_H
#define NET_DNS_PACKET_H

/*
 * dns-packet - DNS messages as bytes: a question written, an answer read (RFC 1035, 4). Pure
 * functions, no network.
 *
 * The answer is hostile: names are followed backwards only, 255 octets at most (so no loop and no
 * blow-up), every count is checked against the bytes that are there, and what does not belong to
 * the question is left out.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/dns.h"

struct arena;
struct buf;

/* EDNS: what fits everywhere without fragments (DNS flag day 2020) */
enum { DNS_UDP_SIZE = 1232 };

/*
 * Writes a recursive question for name (as dns_ascii_name() gives it), class IN, with the AD bit
 * set (RFC 6840, 5.7: "tell me whether it was validated"), with EDNS unless plain. False when name
 * is none or b is full.
 */
bool dns_packet_ask(struct buf *b, uint16_t id, const char *name, enum dns_type type, bool plain);

/*
 * Reads an answer to name and type into ret (whose name and type it sets). ret's strings live in
 * the arena. True when it could be read, whatever it says; *ret_truncated then tells that it must
 * be asked again by TCP (records were not read, and ret->status is DNS_BAD_ANSWER: a truncated
 * answer says nothing of the name). False with ret->status = DNS_BAD_ANSWER and ret->why when it's
 * malformed, answers another question or contradicts itself.
 */
bool dns_packet_read(struct arena *a, const void *p, size_t n, const char *name, enum dns_type type,
		     struct dns_answer *ret, bool *ret_truncated);

/* dns-order.c: n records by priority, those of the same in the order they have. The new first. */
struct dns_record *dns_by_priority(struct dns_record *list, size_t n);

#endif
