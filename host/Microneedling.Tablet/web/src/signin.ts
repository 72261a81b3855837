// The keypad of the sign-in page, without a post for every key. The field stays a field: a keyboard works as well.

const pin = document.querySelector<HTMLInputElement>("#pin");

if (pin !== null) {
  pin.inputMode = "none"; // The page's own keypad is enough.
  for (const key of document.querySelectorAll<HTMLButtonElement>(".keypad button[name=key]")) {
    key.addEventListener("click", event => {
      event.preventDefault();
      pin.value = key.value === "back" ? pin.value.slice(0, -1) : (pin.value + key.value).slice(0, pin.maxLength);
    });
  }
  document.addEventListener("keydown", event => {
    const isTyped = /^[0-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isTyped && document.activeElement !== pin) {
      pin.focus();
      pin.setSelectionRange(pin.value.length, pin.value.length);
    }
  });
}
