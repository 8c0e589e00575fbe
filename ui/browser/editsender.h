// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/remote.h"
#include "core/values/valueeditor.h"
#include "core/values/valuereader.h"

#include "ui/browser/formatmemory.h"
#include "ui/browser/protofiles.h"

#include <QObject>

#include <functional>

namespace slotscope {

class PageContext;

/// Services of a browser page; they live as long as the session for which they were created.
struct ValueServices
{
    explicit ValueServices(SessionDoor &door) : reader(door), editor(door) { }
    Remote<ValueReader> reader;
    Remote<ValueEditor> editor;
};

/// Sends edits, and asks the user first if the connection requires it (production). GUI thread.
class EditSender final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EditSender)
public:
    using Then = std::function<void(Result<EditOutcome>)>;
    /// `parent` is also the parent of the questions.
    EditSender(PageContext &context, QWidget *parent);

    /// null: there is no session
    void setServices(const std::shared_ptr<ValueServices> &services) { m_services = services; }
    [[nodiscard]] const std::shared_ptr<ValueServices> &services() const { return m_services; }
    /// The formats saved for keys; they outlive the tabs.
    [[nodiscard]] FormatMemory &formats() { return m_formats; }
    [[nodiscard]] const FormatMemory &formats() const { return m_formats; }
    /// The .proto files for these formats.
    [[nodiscard]] ProtoFiles &protoFiles() { return m_protoFiles; }
    [[nodiscard]] const ProtoFiles &protoFiles() const { return m_protoFiles; }
    /// `then` is always called; with Error::Cancelled if the user did not agree.
    void send(const Edit &edit, Then then);
    void takeBack(const FormerValue &former, Then then);
    void copy(const QByteArray &key, const QByteArray &name, bool removesOld, std::function<void(Result<>)> then);

private:
    template <typename T>
    void run(std::function<QFuture<Result<T>>(UserConsent)> call, std::function<void(Result<T>)> then);

    PageContext &m_context;
    QWidget *m_parent;
    std::shared_ptr<ValueServices> m_services;
    FormatMemory m_formats;
    ProtoFiles m_protoFiles;
};

} // namespace slotscope
