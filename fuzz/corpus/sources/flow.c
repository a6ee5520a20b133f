=== src/flow.c
#include <stdio.h>
#include "a/b.h"
#define M(x) do { (x)++; } while (0)
#ifdef X
int g(void);
#else
typedef struct s { int a : 3; union { char *b; } u; } s_t;
#endif
static int f(int argc, char **argv) {
  char buf[10], *p = malloc(argc * sizeof *p);
  strcpy(buf, argv[1]); gets(buf); sprintf(buf, "%s", getenv("X")); printf(argv[1]);
  system(argv[1]);
  if (argc > 1 && p || !p) { goto end; } else if (argc == 2) switch (argc) { case 1: break; default: ; }
  for (;;) while (argc--) do { free(p); } while (0);
end:
  return argc ? (int (*)(void)) p : sizeof(struct s);
}
