import { plural } from "@/lib/format";

export const tasks = {
  title: "Tasks",
  what: "tasks",
  newTask: "New task",
  placeholder: "What needs to be done?",
  add: "Add task",
  empty: "No tasks yet. Write one above, or make one from an insight.",
  count: (count: number) => plural(count, "task", "tasks"),
  deleted: (key: string) => `Task ${key} deleted`,
  remove: (key: string) => `Delete ${key}`,
  status: (key: string) => `Status of ${key}`,
  fromInsight: "from an insight",
  conflict: "Somebody changed this task in the meantime. Its newest state is shown.",
  groups: { todo: "To do", in_progress: "In progress", review: "Review", done: "Done" },
  readOnly: "You may read tasks but not change them.",
};

export const explorer = {
  title: "API",
  lead: "Everything this app does goes through this interface. The document is OpenAPI 3.1.",
  download: "Open the document",
  what: "the interface document",
  parameters: "Parameters",
  request: "Request body",
  responses: "Responses",
  required: "required",
  search: "Filter operations",
  none: "No operation matches.",
  schema: "Schema",
};
