/** The words of coming in and of one's own account. */
import { both } from "../words";

export const words = both(
  {
    code: "Code of the authenticator, or a recovery code", codeWrong: "This code is wrong or was used. Wait for the next one.", codeNeeded: "A code is needed too.",
    or: "or", with: (name: string) => `Sign in with ${name}`, forgot: "Forgot the password?", forgotTitle: "Forgotten password", forgotHint: "If this login has an e-mail address, a link to set a new password is on its way.",
    send: "Send a link", back: "Back", noMail: "This house sends no mail: ask your administrator for a link.",
    refused: { provider: "The identity provider did not vouch for you. Try again, or ask your administrator.", unknown: "The identity provider knows you, but nobody here has your address. Ask your administrator to add it." } as Record<string, string>,
    setTitle: (name: string) => `Welcome, ${name}: set your password`, setHint: (login: string) => `Your login is ${login}. At least 10 characters.`, password: "New password", again: "Once more", differ: "The two are not the same.", set: "Set password", old: "Present password",
    setDone: "The password is set. You can sign in now.", gone: "This link was used or is too old. Ask for another.", toSignIn: "To the sign-in",
    gate: "Your role needs a second factor. Set it up once with an authenticator app on your phone; then you can go on.",
    factor: "Second factor", factorOn: (codes: number) => `It is on. Recovery codes left: ${codes}.`, factorOff: "It is off: the password alone is enough.", needed: "Your role needs it.",
    setUp: "Set it up", scan: "1. Scan this with an authenticator app (or type the key).", key: "Key", enter: "2. Type the six digits that it shows.", confirm: "Confirm",
    codes: "Recovery codes", codesHint: "Each works once when the phone is not at hand. They are shown this once: keep them in a safe place.", kept: "I have kept them", copy: "Copy", copied: "Copied.", switchOff: "Switch off",
    passwordTitle: "Password", changed: "The password is changed.", signOut: "Sign out",
  },
  {
    code: "验证器中的验证码，或恢复码", codeWrong: "验证码错误或已使用，请等待下一个。", codeNeeded: "还需要验证码。",
    or: "或", with: (name: string) => `使用 ${name} 登录`, forgot: "忘记密码？", forgotTitle: "忘记密码", forgotHint: "如果该账号登记了邮箱，设置新密码的链接已发出。",
    send: "发送链接", back: "返回", noMail: "系统未配置邮件，请向管理员索取链接。",
    refused: { provider: "身份提供方未能确认您的身份，请重试或联系管理员。", unknown: "身份提供方认识您，但这里没有登记您的邮箱，请联系管理员添加。" } as Record<string, string>,
    setTitle: (name: string) => `${name}，欢迎！请设置密码`, setHint: (login: string) => `您的账号是 ${login}。密码至少 10 个字符。`, password: "新密码", again: "再输入一次", differ: "两次输入不一致。", set: "设置密码", old: "当前密码",
    setDone: "密码已设置，现在可以登录。", gone: "链接已使用或已过期，请重新获取。", toSignIn: "去登录",
    gate: "您的角色需要两步验证。请用手机上的验证器应用设置一次，然后即可继续。",
    factor: "两步验证", factorOn: (codes: number) => `已开启，剩余恢复码 ${codes} 个。`, factorOff: "未开启：仅凭密码即可登录。", needed: "您的角色必须开启。",
    setUp: "开始设置", scan: "1. 用验证器应用扫描（或手动输入密钥）。", key: "密钥", enter: "2. 输入应用显示的六位数字。", confirm: "确认",
    codes: "恢复码", codesHint: "手机不在身边时可用，每个只能用一次。只显示这一次，请妥善保存。", kept: "我已保存", copy: "复制", copied: "已复制。", switchOff: "关闭",
    passwordTitle: "密码", changed: "密码已修改。", signOut: "退出登录",
  },
);
