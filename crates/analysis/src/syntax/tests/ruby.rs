//! Ruby.

use expect_test::expect;

use super::complexity::check as complexity;
use super::imports::check as names;

#[test]
fn complexity_by_hand() {
    // if +1, && +1; for +2; unless +3, else +1; elsif +1; rescue +1; case +1; ternary +1; if after the statement +1,
    // and +1; a block's if +2 = 16.
    // Decisions: if, &&, for, unless, elsif, rescue, two whens, ternary, if, and, if = 12, and 1.
    complexity(
        "Ruby",
        "class K
  def walk(a, b = 1, *c, d:, **e, &f)
    if a && b
      for x in c do
        unless x then one else two end
      end
    elsif d
      three
    end
    begin
      four
    rescue A, B => e
      five
    end
    case b
    when 1 then 1
    when 2, 3 then 2
    else 3
    end
    six if a and d
    c.each { |x| seven if x }
    a ? 1 : 2
  end
  def self.made = new
end
task :name do
  run while waiting
end
",
        &expect![[r"
            K.walk 2-23: cyclomatic 13, cognitive 16, nesting 3, parameters 6
            K.made 24-24: cyclomatic 1, cognitive 0, nesting 0, parameters 0
            callback of task 26-28: cyclomatic 2, cognitive 1, nesting 1, parameters 0
        "]],
    );
}

#[test]
fn requires_and_definitions() {
    names(
        "Ruby",
        "# frozen_string_literal: true
require 'json'
require \"a/b\"
require_relative '../c'
require_relative 'd'
require File.expand_path('../../lib/e', __FILE__)
load \"#{name}.rb\"
other.require 'no'
module A
  autoload :F, 'a/f'
  # Documented.
  class K < Base
    def m
      require 'late'
    end
  end
end
def top; end
",
        &expect![[r"
            2 Static json
            3 Static a/b
            4 Static ./../c
            5 Static ./d
            6 Static ./../lib/e
            10 Deferred a/f
            14 Deferred late
            9-17 public Type A
            12-16 public Type K
            18-18 public Function top
            documented 1 of 3
        "]],
    );
}
