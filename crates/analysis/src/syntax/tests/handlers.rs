//! Parameters that a framework fills with the request, beside those that something else fills.

use super::syntax;

/// How many findings of a rule say that the value comes from a request.
fn reached(language: &str, text: &str, rule: &str) -> usize {
    let found = syntax(language, text).findings;
    found.iter().filter(|finding| finding.rule == rule && finding.message.contains("request")).count()
}

#[test]
fn a_route_of_python_names_parts_of_its_address() {
    let handler = |decorator: &str, parameters: &str| {
        let text = format!(
            "import os\nfrom fastapi import Depends\n{decorator}\nasync def run({parameters}):\n    os.system('x ' + name)\n"
        );
        reached("Python", &text, "py.shell-injection")
    };
    assert_eq!(handler("@app.route('/run/<name>')", "name"), 1);
    assert_eq!(handler("@bp.route('/run/<path:name>', methods=['GET'])", "name"), 1);
    assert_eq!(handler("@app.route('/run/<int:name>')", "name"), 0);
    assert_eq!(handler("@app.route('/run')", "name"), 0);
    assert_eq!(handler("@router.get('/run/{name}')", "name"), 1);
    assert_eq!(handler("@router.get('/run')", "name: str"), 1);
    assert_eq!(handler("@router.get('/run')", "db: Session, name: Optional[str] = None"), 1);
    assert_eq!(handler("@router.get('/run')", "name: str | None = None"), 1);
    assert_eq!(handler("@router.get('/run/{name}')", "name: int"), 0);
    assert_eq!(handler("@router.get('/run')", "name: str = Depends(current)"), 0);
    assert_eq!(handler("@router.get('/run')", "name: Settings"), 0);
    // Neither is a route.
    assert_eq!(handler("@mock.patch('os.path')", "name: str"), 0);
    assert_eq!(handler("@cached", "name: str"), 0);
}

#[test]
fn a_handler_of_spring_or_asp_takes_texts_of_the_request_without_a_mark() {
    let java = |mark: &str, parameters: &str| {
        let text = format!(
            "class A {{ {mark} public String f({parameters}) throws Exception {{ Runtime.getRuntime().exec(\"x \" + name); }} }}"
        );
        reached("Java", &text, "java.command-injection")
    };
    assert_eq!(java("@GetMapping(\"/x\")", "String name"), 1);
    assert_eq!(java("@PostMapping(\"/x\") @ResponseBody", "Model model, final String name"), 1);
    assert_eq!(java("@PostMapping(\"/x\")", "Long name"), 0);
    assert_eq!(java("@PostMapping(\"/x\")", "Form name"), 0);
    assert_eq!(java("@Cacheable", "String name"), 0);
    assert_eq!(java("", "String name"), 0);

    let cs = |mark: &str, parameter: &str| {
        let text = format!(
            "class A {{ {mark} public IActionResult F({parameter}) {{ System.Diagnostics.Process.Start(\"sh\", \"-c \" + name); }} }}"
        );
        reached("C#", &text, "cs.command-injection")
    };
    assert_eq!(cs("[HttpGet(\"x\")]", "string name"), 1);
    assert_eq!(cs("[HttpPost]", "int id, string? name"), 1);
    assert_eq!(cs("[HttpGet]", "int name"), 0);
    assert_eq!(cs("[Fact]", "string name"), 0);
}

#[test]
fn what_has_a_mark_of_its_own_is_filled_by_that() {
    let java = |mark: &str| {
        let text = format!(
            "class A {{ @GetMapping public String f({mark} String name) throws Exception {{ new java.io.File(DIR, \"x\" + name); }} }}"
        );
        reached("Java", &text, "java.path-traversal")
    };
    assert_eq!([java(""), java("final"), java("@CurrentUsername"), java("@Value(\"x\")")], [1, 1, 0, 0]);
    assert_eq!(java("@RequestParam"), 1);
}
