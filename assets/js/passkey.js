// Passkeys: what the page asks of the browser, and the browser's answer in the
// form (Web Authentication, level 3). Without it the forms stay hidden.

/** Asks the browser for a passkey, and sends the form with its answer. */
async function show(form, event) {
  event.preventDefault();
  const failed = form.querySelector("[data-failed]");
  if (failed) failed.hidden = true;
  try {
    const reply = await fetch(form.dataset.options, { method: "POST", headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error(String(reply.status));
    const options = await reply.json();
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    form.elements.answer.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (error) {
    if (failed) failed.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
    form.addEventListener("submit", (event) => show(form, event));
  } else {
    form.hidden = true;
  }
}
