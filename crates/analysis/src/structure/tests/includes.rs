//! Languages that include files: C and C++, Ruby.

use expect_test::expect;

use super::check;

#[test]
fn headers_beside_the_file_and_below_the_folders_for_headers() {
    check(
        r#"
//- src/main.c
#include "main.h"
#include "util/list.h"
#include <tool/api.h>
#include <stdio.h>
#include <string.h>
#include "config.h"
#include "../test/twice.h"
#include "same.hpp"
//- src/main.h
#include "./util/list.h"
//- src/util/list.h
#include "main.h"
//- include/tool/api.h
#include "other.h"
//- include/tool/other.h
//- compat/string.h
//- test/twice.h
//- test/check.cc
#include "tool/api.h"
#include "twice.h"
//- a/same.hpp
//- b/same.hpp
"#,
        &expect![[r"
            include/tool/api.h -> include/tool/other.h
            src/main.c -> include/tool/api.h
            src/main.c -> src/main.h
            src/main.c -> src/util/list.h
            src/main.c -> test/twice.h
            src/main.h -> src/util/list.h
            src/util/list.h -> src/main.h
            test/check.cc -> include/tool/api.h
            test/check.cc -> test/twice.h
            cycle src/main.h src/util/list.h
            unresolved 2
        "]],
    );
}

#[test]
fn ruby() {
    check(
        r"
//- lib/tool.rb
require 'tool/core'
require 'json'
require_relative 'tool/gone'
autoload :Late, 'tool/late'
//- lib/tool/core.rb
require_relative '../tool'
//- lib/tool/late.rb
//- test/helper.rb
//- test/core_test.rb
require 'helper'
require 'tool/core'
//- other/lib/tool/core.rb
//- other/test/helper.rb
require 'tool/core'
",
        &expect![[r"
            lib/tool.rb -> lib/tool/core.rb
            lib/tool.rb -> lib/tool/late.rb
            lib/tool/core.rb -> lib/tool.rb
            other/test/helper.rb -> other/lib/tool/core.rb
            test/core_test.rb -> lib/tool/core.rb
            test/core_test.rb -> test/helper.rb
            cycle lib/tool.rb lib/tool/core.rb
            unresolved 1
        "]],
    );
}
