=== bom.rs
﻿fn f() {}
