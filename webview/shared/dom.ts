/** Building and changing elements. Text only ever goes in as text: names from the workspace may be hostile. */

type Content = Node | string;

export interface ElementOptions {
  class?: string;
  /** Plain attributes, `style` excepted: the content security policy forbids it. */
  attributes?: Record<string, string>;
  data?: Record<string, string>;
}

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  options: ElementOptions = {},
  ...content: Content[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (options.class) made.className = options.class;
  for (const [name, value] of Object.entries(options.attributes ?? {})) made.setAttribute(name, value);
  Object.assign(made.dataset, options.data);
  made.append(...content);
  return made;
}

/** A codicon that says nothing by itself; the words beside it do. */
export function icon(name: string): HTMLElement {
  return element("span", { class: `codicon codicon-${name}`, attributes: { "aria-hidden": "true" } });
}

/** Writes only on change, so that an unchanged figure costs no layout. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** The raw value behind a shown figure; null and what is not finite become an empty string. */
export function setValue(target: HTMLElement, value: number | string | null): void {
  const raw = value === null || (typeof value === "number" && !Number.isFinite(value)) ? "" : String(value);
  if (target.dataset.value !== raw) target.dataset.value = raw;
}
