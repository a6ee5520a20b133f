//! Single-file components, and imports of nothing but types.

use expect_test::expect;

use super::check;

#[test]
fn scripts_of_components_import() {
    check(
        r#"
//- resources/js/Pages/Show.vue
<template>
  <Layout><p>import no from './Missing.vue'</p></Layout>
</template>
<script>
import Layout from '@/Shared/Layout.vue';
import { used } from '../util';
export default { components: { Layout } };
</script>
//- resources/js/Shared/Layout.vue
<script setup lang="ts">
import type { Props } from '../util';
import Gone from './Gone.vue';
defineProps<Props>();
</script>
//- resources/js/util.ts
export const used = 1;
export interface Props { a: string }
//- site/src/lib/a.ts
export const a = 1;
//- site/src/routes/Page.svelte
<script>
  import { a } from '$lib/a';
  import other from '@/other';
</script>
"#,
        &expect![[r"
            resources/js/Pages/Show.vue -> resources/js/Shared/Layout.vue
            resources/js/Pages/Show.vue -> resources/js/util.ts
            resources/js/Shared/Layout.vue -> resources/js/util.ts
            site/src/routes/Page.svelte -> site/src/lib/a.ts
            unresolved 1
        "]],
    );
}

#[test]
fn what_the_compiler_drops_makes_no_circle() {
    check(
        r"
//- types/a.ts
import { B } from './b';
import { type C, type D } from './c';
export interface A { b: B }
//- types/b.ts
import { A } from './a';
export type B = A;
//- types/c.ts
import { A } from './a';
export class C {}
export class D {}
//- values/a.ts
import { B, type Other } from './b';
export const a = B;
//- values/b.ts
import { a } from './a';
export interface B {}
export const B = a;
export type Other = B;
//- barrel/index.ts
export { A } from './a';
//- barrel/a.ts
import { A as B } from './index';
export class A {}
",
        &expect![[r"
            barrel/a.ts -> barrel/index.ts
            barrel/index.ts -> barrel/a.ts
            types/a.ts -> types/b.ts
            types/a.ts -> types/c.ts
            types/b.ts -> types/a.ts
            types/c.ts -> types/a.ts
            values/a.ts -> values/b.ts
            values/b.ts -> values/a.ts
            cycle barrel/a.ts barrel/index.ts
            cycle values/a.ts values/b.ts
        "]],
    );
}
