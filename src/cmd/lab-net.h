#ifndef CMD_LAB_NET_H
#define CMD_LAB_NET_H

/*
 * lab-net - aims a run at the lab: the lab's addresses look like a provider's, and dialling them
 * has to lead to where its servers listen.
 */

struct lab;
struct net;

void lab_net_map(const struct lab *lab, struct net *net);

#endif
