import { type Content, type Html, html, nothing } from "../html.ts";

/** The token that every form carries; without the right one the server refuses it. */
export function csrfField(csrf: string): Html {
  return html`<input type="hidden" name="_csrf" value="${csrf}">`;
}

export interface Field {
  /** Where the name stands more than once on a page. */
  id?: string;
  name: string;
  label: Content;
  type?: "text" | "password" | "number" | "time" | "datetime-local";
  value?: string;
  hint?: Content;
  /** What is wrong with what was entered; stands beside the field and is read out with it. */
  fault?: string | undefined;
  autocomplete?: string;
  required?: boolean;
  autofocus?: boolean;
  maxlength?: number;
  min?: number;
  /** The id of a `datalist` with what is offered. */
  list?: string;
  /** Of a time zone: the browser puts the viewer's in. */
  ownZone?: boolean;
  /** The moment that `value` says, for a browser to say at the viewer's clocks. */
  atMs?: number;
}

/** A labelled field. A password's value is never written back into the page. */
export function field(one: Field): Html {
  const id = `field-${one.id ?? one.name}`;
  const described = [one.hint ? `${id}-hint` : "", one.fault ? `${id}-fault` : ""].filter(Boolean).join(" ");
  return html`<div class="field"><label for="${id}">${one.label}</label><input id="${id}" name="${one.name}" type="${one.type ?? "text"}"${
    one.type !== "password" && one.value !== undefined ? html` value="${one.value}"` : nothing
  }${one.list ? html` list="${one.list}"` : nothing}${one.ownZone ? html` data-own-zone` : nothing}${one.atMs !== undefined ? html` data-at="${one.atMs}"` : nothing}${one.autocomplete ? html` autocomplete="${one.autocomplete}"` : nothing}${one.min !== undefined ? html` min="${one.min}"` : nothing}${one.maxlength ? html` maxlength="${one.maxlength}"` : nothing}${
    one.required ? html` required` : nothing
  }${one.autofocus ? html` autofocus` : nothing}${one.fault ? html` aria-invalid="true"` : nothing}${described ? html` aria-describedby="${described}"` : nothing}>${
    one.hint ? html`<p class="hint" id="${id}-hint">${one.hint}</p>` : nothing
  }${one.fault ? html`<p class="fault" id="${id}-fault">${one.fault}</p>` : nothing}</div>`;
}

/** A labelled field of several lines. */
export function areaField(one: {
  id: string;
  name: string;
  label: Content;
  value: string;
  rows: number;
  hint?: Content;
  fault?: string | undefined;
}): Html {
  const id = `field-${one.id}`;
  const described = [one.hint ? `${id}-hint` : "", one.fault ? `${id}-fault` : ""].filter(Boolean).join(" ");
  return html`<div class="field"><label for="${id}">${one.label}</label><textarea id="${id}" name="${one.name}" rows="${one.rows}" spellcheck="false" autocomplete="off"${one.fault ? html` aria-invalid="true"` : nothing}${described ? html` aria-describedby="${described}"` : nothing}>
${one.value}</textarea>${one.hint ? html`<p class="hint" id="${id}-hint">${one.hint}</p>` : nothing}${one.fault ? html`<p class="fault" id="${id}-fault">${one.fault}</p>` : nothing}</div>`;
}

/** A labelled choice. */
export function selectField(
  name: string,
  label: Content,
  options: readonly (readonly [string, string])[],
  value: string,
  id = `field-${name}`,
  /** Whether its change is looked at: a script shows what follows from it. */
  asks = false,
  more: Pick<Field, "hint" | "fault"> = {},
): Html {
  const described = [more.hint ? `${id}-hint` : "", more.fault ? `${id}-fault` : ""]
    .filter(Boolean)
    .join(" ");
  return html`<div class="field"><label for="${id}">${label}</label><select id="${id}" name="${name}"${asks ? html` data-asks` : nothing}${more.fault ? html` aria-invalid="true"` : nothing}${described ? html` aria-describedby="${described}"` : nothing}>${options.map(
    ([one, text]) =>
      html`<option value="${one}"${one === value ? html` selected` : nothing}>${text}</option>`,
  )}</select>${more.hint ? html`<p class="hint" id="${id}-hint">${more.hint}</p>` : nothing}${more.fault ? html`<p class="fault" id="${id}-fault">${more.fault}</p>` : nothing}</div>`;
}
