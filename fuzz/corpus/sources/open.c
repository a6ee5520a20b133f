=== open.c
#if 1
#if 2
int f( {